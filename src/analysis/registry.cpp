#include "analysis/registry.h"

#include <vector>

#include "analysis/kinds.h"

namespace mesa {

Record analyze(std::string_view kind, const Subject& subject, const Effort& effort) {
#define MESA_ANALYSIS(name, meaning, trains, check, analyze) \
  if (kind == (name)) {                                      \
    check(subject);                                          \
    return analyze(subject, effort);                         \
  }
#include "analysis/registry.inc"
#undef MESA_ANALYSIS
  std::vector<std::string_view> names;
  for (const AnalysisKind& each : kAnalysisKinds) names.push_back(each.name);
  throw unknown_name("KIND", names, kind);
}

}  // namespace mesa
