#pragma once

#include <string_view>

#include "analysis/record.h"
#include "analysis/subject.h"
#include "core/error.h"

namespace mesa {

// The functions that the rows of the registry name.
inline void fits_all(const Subject& /*subject*/) {}
#define MESA_ANALYSIS(name, meaning, trains, check, analyze) \
  void check(const Subject& subject);                        \
  Record analyze(const Subject& subject, const Effort& effort);
#include "analysis/registry.inc"
#undef MESA_ANALYSIS

/// Calls visit(name, Error) for each kind of analysis that does not fit the subject; the error names a field
/// of the configuration. The subject's parameters may be empty.
template <class Visit>
void for_each_misfit(const Subject& subject, const Visit& visit) {
  // Only the checks, since the modules that train do not have the analyses.
  static constexpr struct {
    std::string_view kind;
    void (*check)(const Subject&);
  } kChecks[] = {
#define MESA_ANALYSIS(name, meaning, trains, check, analyze) {name, check},
#include "analysis/registry.inc"
#undef MESA_ANALYSIS
  };
  for (const auto& [kind, check] : kChecks) {
    try {
      check(subject);
    } catch (const Error& why) {
      visit(kind, why);
    }
  }
}

/// Runs an analysis. Throws Error if there is no such kind or it does not fit the subject.
Record analyze(std::string_view kind, const Subject& subject, const Effort& effort);

}  // namespace mesa
