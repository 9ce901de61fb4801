#pragma once

#include <vector>

#include "data/task.h"
#include "evaluate/in_context_loss.h"

namespace mesa {

/// The loss on one few-shot pair (x, y): that of the prediction at the row of x, whose label is y.
struct PairLoss {
  int task;  ///< which of the tasks in a row, from 0
  int pair;  ///< pairs of that task seen before
  double loss;
};

/// The few-shot curve inside a loss curve of the task `regression`, in order. All other rows ask for what
/// cannot be known.
std::vector<PairLoss> few_shot_losses(const TaskConfig& task, const LossCurve& loss);

}  // namespace mesa
