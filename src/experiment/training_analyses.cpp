#include "analysis/linearisation.h"
#include "analysis/prompt_tuning.h"
#include "experiment/analyses.h"

namespace mesa {
namespace {

constexpr Analysis kAnalyses[] = {
    {"prompt", analyze_prompt},
    {"linearise", analyze_linearisation},
};

}  // namespace

std::span<const Analysis> training_analyses() { return kAnalyses; }

}  // namespace mesa
