#pragma once

#include <Eigen/Core>
#include <limits>

#include "data/task.h"

namespace mesa {

/// One sequence [T + 1, d] of a task, in double. Entries that the task does not write are NaN.
inline Eigen::MatrixXd draw_states(const TaskConfig& config, RandomStream random) {
  using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  RowMajor states(config.sequence_length + 1, config.observation_size);
  states.fill(std::numeric_limits<float>::quiet_NaN());
  generate_sequence(config, random, {states.data(), int(states.rows()), int(states.cols())});
  return states.cast<double>();
}

inline Eigen::MatrixXd draw_states(const TaskConfig& config, std::uint32_t sequence, std::uint64_t seed = 5) {
  return draw_states(config, {seed, RandomPurpose::training, 0, sequence});
}

/// The matrix M that minimises |outputs - inputs M^T|, with one example in each row.
Eigen::MatrixXd fit_linear_map(const Eigen::MatrixXd& inputs, const Eigen::MatrixXd& outputs);

}  // namespace mesa
