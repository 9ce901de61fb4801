#pragma once

#include <vector>

#include "data/task.h"

namespace mesa {

/// What one row of a few-shot sequence holds. Rows of `prefix` and `end_of_sequence` are zero; prompt tuning
/// learns tokens for them.
enum class RegressionRole { prefix, input, output, end_of_sequence };

struct RegressionPosition {
  RegressionRole role;
  int task;  ///< index of the task in the sequence, from 0
  int pair;  ///< index of the pair (x, y) in its task, from 0; 0 in the prefix
};

/// The roles of the T + 1 rows of a sequence: for each task the prefix, then x_1 y_1 x_2 y_2 .., or x_1 y_1
/// EOS x_2 y_2 EOS .. The tasks share the rows equally, except that all but the last end with a whole pair.
/// The error on pair i is that at the row of x_i, whose target is y_i. (As in the paper's code, every task
/// starts with the prefix.)
std::vector<RegressionPosition> regression_layout(const TaskConfig& config);

/// Writes states [T + 1, d]: x_i ~ U(-1, 1)^d, y_i = W x_i + sigma e_i with e_i ~ N(0, I) and W
/// Haar-orthogonal, new for each task. The first task's pairs are the same with and without prefix and EOS.
void generate_regression(const TaskConfig& config, RandomStream& random, const MatrixView<float>& states);

}  // namespace mesa
