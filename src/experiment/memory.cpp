#include "experiment/memory.h"

#include "core/sizes.h"
#include "evaluate/sequences.h"
#include "model/parameters.h"
#include "model/product_form.h"
#include "model/transformer.h"
#include "train/trainer.h"

namespace mesa {

double memory_bytes(const Config& config) {
  const ProductForm form = cheapest_form(config.model, config.tokens);
  const auto parameters = double(ParameterTable(config.model).size);
  const auto form_parameters = double(ParameterTable(form.config).size);
  const int tile = tile_sequences(config.model.positions);
  const double states = (config.model.positions + 1.0) * config.task.observation_size;
  // The state and the last good one are the parameters and two moments each; then there is the gradient.
  constexpr int kCopies = 7;
  // Sums of groups that wait for their siblings, and the one that is made.
  constexpr int kSums = 5;
  // The trainer's, and the predictor's.
  constexpr int kFormCopies = 2;
  const double training = kCopies * parameters + (kSums + kFormCopies) * form_parameters +
                          activation_numbers(form.config, tile) + tile * states + kNumbersAhead;
  const double evaluation = activation_numbers(form.config, 1);
  return sizeof(float) * (training + evaluation) + kept_bytes(config.task, config.evaluation.sequences) +
         sizeof(double) * config.evaluation.sequences;
}

}  // namespace mesa
