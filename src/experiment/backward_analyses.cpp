#include "analysis/attention_maps.h"
#include "analysis/linearisation.h"
#include "analysis/prompt_tuning.h"
#include "experiment/analyses.h"

namespace mesa {
namespace {

constexpr Analysis kAnalyses[] = {
    {"attention", "where heads look, and what the first layer's output depends on", analyze_attention},
    {"prompt", "few-shot regression with a tuned end-of-sequence token, and a tuned prefix", analyze_prompt},
    {"linearise", "each softmax layer replaced by a linear one that was taught to imitate it",
     analyze_linearisation},
};

}  // namespace

std::span<const Analysis> backward_analyses() { return kAnalyses; }

}  // namespace mesa
