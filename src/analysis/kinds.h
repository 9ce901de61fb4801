#pragma once

#include <string_view>

#include "core/help.h"

namespace mesa {

/// The description of a kind of analysis, without the code that runs it.
struct AnalysisKind {
  std::string_view name;
  std::string_view meaning;  ///< one line; empty in WebAssembly
  bool trains;               ///< whether it trains something, which takes long
};

inline constexpr AnalysisKind kAnalysisKinds[] = {
#define MESA_ANALYSIS(name, meaning, trains, check, analyze) {name, help(meaning), trains},
#include "analysis/registry.inc"
#undef MESA_ANALYSIS
};

}  // namespace mesa
