#include "analysis/linearisation.h"
#include "analysis/prompt_tuning.h"
#include "experiment/analyses.h"

namespace mesa {
namespace {

constexpr Analysis kAnalyses[] = {
    {"prompt", "few-shot regression with a tuned end-of-sequence token, and a tuned prefix", analyze_prompt},
    {"linearise", "each softmax layer replaced by a linear one that was taught to imitate it",
     analyze_linearisation},
};

}  // namespace

std::span<const Analysis> training_analyses() { return kAnalyses; }

}  // namespace mesa
