#pragma once

#include <vector>

#include "data/task.h"
#include "evaluate/in_context_loss.h"

namespace mesa {

/// The loss on one few-shot pair (x, y): that of the prediction at the row of x, whose target is y.
struct PairLoss {
  int task;  ///< index of the task in the sequence, from 0
  int pair;  ///< number of pairs of that task seen before
  double loss;
};

/// Picks the few-shot losses, in order, from a loss curve of the task `regression`. The targets of all other
/// rows cannot be predicted.
std::vector<PairLoss> few_shot_losses(const TaskConfig& task, const LossCurve& loss);

}  // namespace mesa
