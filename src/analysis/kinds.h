#pragma once

#include <span>
#include <string_view>

#include "analysis/subject.h"

namespace mesa {

/// One kind of analysis, apart from what it computes: so that whoever shows a model can ask which analyses
/// fit it without having them.
struct AnalysisKind {
  std::string_view name;
  std::string_view meaning;  ///< one line; WebAssembly has none
  std::string_view module;   ///< which of the modules for the page it is in
  bool trains;               ///< whether it trains something, which takes long
  /// Throws Error, naming a field of the configuration, when the subject is not one for this analysis. Its
  /// parameters need not be there.
  void (*check)(const Subject& subject);
};

std::span<const AnalysisKind> analysis_kinds();

/// The check of the kind of that name.
void check_fit(std::string_view kind, const Subject& subject);

/// Positions of the prefix that the analysis `prompt` tunes, and of a pair behind it, its EOS and the next x.
inline constexpr int kPromptPrefix = 20;
inline constexpr int kPromptPairs = 4;

/// How many states the analysis `binding` looks for, the present one and those before it.
inline constexpr int kBindingLags = 8;

}  // namespace mesa
