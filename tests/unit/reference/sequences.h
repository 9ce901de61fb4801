#pragma once

#include <algorithm>
#include <vector>

#include "evaluate/in_context_loss.h"
#include "reference/context_pairs.h"

namespace mesa::test {

/// Sequences of the linear task, d = 10 unless said otherwise.
inline std::vector<RowMatrix> sequences(int count, double noise = 0.01, int length = 50, int d = 10) {
  TaskConfig task;
  task.observation_size = d;
  task.sequence_length = length;
  task.noise = noise;
  return draw_sequences(task, 21, RandomPurpose::held_out, count);
}

/// The number of pairs that position t may use: inputs are rows 0 .. this - 1, targets the rows after them.
inline Eigen::Index usable_pairs(Eigen::Index t, ContextPairs pairs) {
  return std::max<Eigen::Index>(0, pairs == ContextPairs::lagged ? t - 1 : t);
}

/// The largest difference of entries.
inline double distance(const RowMatrix& left, const RowMatrix& right) {
  return (left - right).cwiseAbs().maxCoeff();
}

constexpr ContextPairs kBothConventions[] = {ContextPairs::all, ContextPairs::lagged};

}  // namespace mesa::test
