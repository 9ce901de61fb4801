#include "analysis/compression.h"
#include "analysis/one_layer_fit.h"
#include "analysis/weight_products.h"
#include "experiment/analyses.h"

namespace mesa {
namespace {

constexpr Analysis kAnalyses[] = {
    {"weights", analyze_weights},
    {"compress", analyze_compression},
    {"fit", analyze_one_layer_fit},
};

}  // namespace

std::span<const Analysis> weight_analyses() { return kAnalyses; }

}  // namespace mesa
