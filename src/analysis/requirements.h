#pragma once

#include <span>
#include <string_view>

#include "analysis/subject.h"

namespace mesa {

/// What one kind of analysis needs of its subject. Here for all kinds, apart from what they compute, so that
/// whoever shows a model can ask which analyses fit it without having them.
struct Requirement {
  std::string_view kind;
  /// Throws Error, naming a field of the configuration, when the subject is not one for this analysis. Its
  /// parameters need not be there.
  void (*check)(const Subject& subject);
};

std::span<const Requirement> requirements();

/// Checks the subject for the kind of that name.
void require_fit(std::string_view kind, const Subject& subject);

/// Positions of the prefix that the analysis `prompt` tunes, and of a pair behind it, its EOS and the next x.
inline constexpr int kPromptPrefix = 20;
inline constexpr int kPromptPairs = 4;

/// How many states back the analysis `binding` looks, and from which position on.
inline constexpr int kBindingLags = 8;

}  // namespace mesa
