#include "experiment/analyses.h"

#include <vector>

#include "analysis/attention_maps.h"
#include "analysis/compression.h"
#include "analysis/few_shot_regression.h"
#include "analysis/kernel_scaling.h"
#include "analysis/linear_probe.h"
#include "analysis/linearisation.h"
#include "analysis/one_layer_fit.h"
#include "analysis/prompt_tuning.h"
#include "analysis/weight_products.h"
#include "core/error.h"

namespace mesa {
namespace {

constexpr Analysis kAnalyses[] = {
    {"weights", "weight products of every head, and how sparse they are", analyze_weights},
    {"compress", "CompressedAlg-L: a number per block of the weight products", analyze_compression},
    {"fit", "a single layer beside one step of gradient descent and the best of its kind",
     analyze_one_layer_fit},
    {"probe", "what every layer knows of the next state and of the preconditioned input", analyze_probes},
    {"binding", "which past states every layer's tokens hold", analyze_binding},
    {"attention", "where heads look, and what the first layer's output depends on", analyze_attention},
    {"kernel", "kernel regression and least squares as the dimension grows", analyze_kernel_scaling},
    {"few-shot", "few-shot regression without any fine-tuning, one task and two in a row", analyze_few_shot},
    {"prompt", "few-shot regression with a tuned end-of-sequence token, and a tuned prefix", analyze_prompt},
    {"linearise", "each softmax layer replaced by a linear one that was taught to imitate it",
     analyze_linearisation},
};

}  // namespace

std::span<const Analysis> analyses() { return kAnalyses; }

Record analyze(std::string_view name, const Config& config, std::span<const float> parameters,
               const Effort& effort) {
  std::vector<std::string_view> names;
  for (const Analysis& analysis : analyses()) {
    if (analysis.name == name) {
      return analysis.run({config.task, config.tokens, config.model, parameters, config.seed}, effort);
    }
    names.push_back(analysis.name);
  }
  throw no_such_name("KIND", names, name);
}

}  // namespace mesa
