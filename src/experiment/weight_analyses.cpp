#include "analysis/compression.h"
#include "analysis/one_layer_fit.h"
#include "analysis/weight_products.h"
#include "experiment/analyses.h"

namespace mesa {
namespace {

constexpr Analysis kAnalyses[] = {
    {"weights", "weight products of every head, and how sparse they are", analyze_weights},
    {"compress", "CompressedAlg-L: a number per block of the weight products", analyze_compression},
    {"fit", "a single layer beside one step of gradient descent and the best of its kind",
     analyze_one_layer_fit},
};

}  // namespace

std::span<const Analysis> weight_analyses() { return kAnalyses; }

}  // namespace mesa
