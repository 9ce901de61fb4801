#pragma once

#include <Eigen/Core>
#include <cassert>

#include "data/task.h"

namespace mesa {

/// States as an Eigen matrix, one in each row.
using StateMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

inline Eigen::Map<StateMatrix> state_matrix(const MatrixView<float>& states) {
  assert(states.row_stride == states.columns && states.column_stride == 1);
  return {states.data, states.rows, states.columns};
}

/// Writes states [T + 1, d]: s_1 ~ U(-start, start)^d, s_{t+1} = step(s_t) + sigma e_t with e_t ~ N(0, I),
/// clipped to +-state_limit. `step` takes and returns a column vector.
template <class Step>
void run_dynamics(const Step& step, float start, const TaskConfig& config, RandomStream& random,
                  const MatrixView<float>& states) {
  auto state = state_matrix(states);
  const int d = states.columns;
  const auto limit = static_cast<float>(config.state_limit);

  random.fill_uniform({states.data, static_cast<std::size_t>(d)}, -start, start);
  // The noise of s_2 .. s_{T+1} is drawn in place, and step() is added to it.
  random.fill_normal({states.data + d, static_cast<std::size_t>(d) * (states.rows - 1)},
                     static_cast<float>(config.noise));
  for (int t = 1; t < states.rows; ++t) {
    state.row(t) += step(state.row(t - 1).transpose()).transpose();
    state.row(t) = state.row(t).cwiseMax(-limit).cwiseMin(limit);
  }
}

}  // namespace mesa
