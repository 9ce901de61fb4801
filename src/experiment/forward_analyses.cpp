#include "analysis/compression.h"
#include "analysis/few_shot_regression.h"
#include "analysis/kernel_scaling.h"
#include "analysis/linear_probe.h"
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
    {"probe", "what every layer knows of the next state and of the preconditioned input", analyze_probes},
    {"binding", "which past states every layer's tokens hold", analyze_binding},
    {"kernel", "kernel regression and least squares as the dimension grows", analyze_kernel_scaling},
    {"few-shot", "few-shot regression without any fine-tuning, one task and two in a row", analyze_few_shot},
};

}  // namespace

std::span<const Analysis> forward_analyses() { return kAnalyses; }

}  // namespace mesa
