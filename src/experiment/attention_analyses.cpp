#include "analysis/attention_maps.h"
#include "experiment/analyses.h"

namespace mesa {
namespace {

constexpr Analysis kAnalyses[] = {
    {"attention", analyze_attention},
};

}  // namespace

std::span<const Analysis> attention_analyses() { return kAnalyses; }

}  // namespace mesa
