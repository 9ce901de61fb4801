#include "evaluate/few_shot.h"

#include <cassert>

#include "data/regression.h"

namespace mesa {

std::vector<PairLoss> few_shot_losses(const TaskConfig& task, const LossCurve& loss) {
  assert(task.kind == TaskKind::regression);
  const std::vector<RegressionPosition> layout = regression_layout(task);
  std::vector<PairLoss> losses;
  for (std::size_t t = 0; t < loss.by_position.size(); ++t) {
    const RegressionPosition& position = layout[t];
    if (position.role == RegressionRole::input)
      losses.push_back({position.task, position.pair, loss.by_position[t]});
  }
  return losses;
}

}  // namespace mesa
