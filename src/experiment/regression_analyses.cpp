#include "analysis/few_shot_regression.h"
#include "analysis/kernel_scaling.h"
#include "experiment/analyses.h"

namespace mesa {
namespace {

constexpr Analysis kAnalyses[] = {
    {"kernel", "kernel regression and least squares as the dimension grows", analyze_kernel_scaling},
    {"few-shot", "few-shot regression without any fine-tuning, one task and two in a row", analyze_few_shot},
};

}  // namespace

std::span<const Analysis> regression_analyses() { return kAnalyses; }

}  // namespace mesa
