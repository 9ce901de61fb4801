#pragma once

#include <vector>

#include "data/task.h"

namespace mesa {

/// What one row of a few-shot sequence holds. Rows of `prefix` and `end_of_sequence` are zero: they are for
/// tokens that a model may tune later.
enum class RegressionRole { prefix, input, output, end_of_sequence };

struct RegressionPosition {
  RegressionRole role;
  int task;  ///< which of the tasks in a row, from 0
  int pair;  ///< which pair (x, y) of that task, from 0; 0 in the prefix
};

/// The roles of the T + 1 rows of a sequence: for each task the prefix, then x_1 y_1 x_2 y_2 ..., or x_1 y_1
/// EOS x_2 y_2 EOS ... The tasks share the rows equally, except that all but the last end with a whole pair.
/// The model's error on pair i is that of its prediction at the row of x_i, whose label is y_i. (As in the
/// paper's code, every task has the prefix before it.)
std::vector<RegressionPosition> regression_layout(const TaskConfig& config);

/// x_i ~ U(-1, 1)^d, y_i = W x_i + sigma e_i with e_i ~ N(0, I) and W Haar-orthogonal, a new one for each
/// task. The first task's pairs are the same with and without prefix and EOS. states [T + 1, d].
void generate_regression(const TaskConfig& config, RandomStream& random, const MatrixView<float>& states);

}  // namespace mesa
