#include "experiment/memory.h"

#include "core/sizes.h"
#include "evaluate/sequences.h"
#include "model/workspace.h"
#include "train/trainer.h"

namespace mesa {

double memory_bytes(const Config& config) {
  const CompiledModel model = fused_model(config.model, config.tokens);
  const int tile = tile_sequences(config.model.positions);
  const double states = (config.model.positions + 1.0) * config.task.observation_size;
  // The state and the last good one have the parameters and two moments each; the gradient makes seven.
  constexpr int kCopies = 7;
  // The sums of groups that wait for their siblings, and the one being computed.
  constexpr int kSums = 5;
  // The trainer has a copy, and the predictor.
  constexpr int kFusedCopies = 2;
  const double training =
      kCopies * double(model.own.size) + (kSums + kFusedCopies) * double(model.fused.size) +
      Workspace<float>::numbers(model, tile, Passes::forward_and_backward) + tile * states + kNumbersAhead;
  const double evaluation = Workspace<float>::numbers(model, 1, Passes::forward);
  return sizeof(float) * (training + evaluation) + kept_bytes(config.task, config.evaluation.sequences) +
         sizeof(double) * config.evaluation.sequences;
}

}  // namespace mesa
