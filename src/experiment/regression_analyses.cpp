#include "analysis/few_shot_regression.h"
#include "analysis/kernel_scaling.h"
#include "experiment/analyses.h"

namespace mesa {
namespace {

constexpr Analysis kAnalyses[] = {
    {"kernel", analyze_kernel_scaling},
    {"few-shot", analyze_few_shot},
};

}  // namespace

std::span<const Analysis> regression_analyses() { return kAnalyses; }

}  // namespace mesa
