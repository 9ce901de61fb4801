#include "data/regression.h"

#include <Eigen/Core>
#include <algorithm>

#include "data/dynamics.h"
#include "data/random_matrix.h"

namespace mesa {

std::vector<RegressionPosition> regression_layout(const TaskConfig& config) {
  constexpr RegressionRole kGroup[] = {RegressionRole::input, RegressionRole::output,
                                       RegressionRole::end_of_sequence};
  const int group = config.end_of_sequence ? 3 : 2;
  const int rows = config.sequence_length + 1;
  std::vector<RegressionPosition> layout;
  layout.reserve(std::size_t(rows));
  for (int task = 0; task < config.regression_tasks; ++task) {
    const bool last = task == config.regression_tasks - 1;
    const int share = last ? rows - int(layout.size()) : rows / config.regression_tasks;
    const int prefix = std::min(config.prefix_length, share);
    const int pair_rows = last ? share - prefix : (share - prefix) / group * group;
    layout.insert(layout.end(), std::size_t(prefix), {RegressionRole::prefix, task, 0});
    for (int i = 0; i < pair_rows; ++i) layout.push_back({kGroup[i % group], task, i / group});
  }
  return layout;
}

void generate_regression(const TaskConfig& config, RandomStream& random, const MatrixView<float>& states) {
  const std::vector<RegressionPosition> layout = regression_layout(config);
  auto state = state_matrix(states);
  Eigen::MatrixXf teacher;
  int task = -1;
  for (int t = 0; t < states.rows; ++t) {
    const RegressionPosition& position = layout[std::size_t(t)];
    if (position.task != task) teacher = random_orthogonal(states.columns, random);
    task = position.task;
    const std::span<float> row(&states(t, 0), std::size_t(states.columns));
    switch (position.role) {
      case RegressionRole::input: random.fill_uniform(row, -1, 1); break;
      case RegressionRole::output:
        random.fill_normal(row, static_cast<float>(config.noise));
        state.row(t) += state.row(t - 1) * teacher.transpose();
        break;
      case RegressionRole::prefix:
      case RegressionRole::end_of_sequence: state.row(t).setZero();
    }
  }
}

}  // namespace mesa
