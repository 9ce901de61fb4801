#pragma once

#include <string>
#include <vector>

#include "analysis/record.h"
#include "analysis/subject.h"

namespace mesa {

/// The loss of a tuned reference algorithm on systems of one size.
struct ScaledLoss {
  double parameter;      ///< the tuned one: beta of kernel regression, ridge of least squares
  double relative;       ///< mean loss / that of predicting zero on the same sequences
  double relative_late;  ///< the same in the last fifth of the positions
};

struct ScalingPoint {
  int dimension;  ///< d
  int positions;  ///< T = 5 d
  int sequences;  ///< measured on; a quarter as many are tuned on
  ScaledLoss kernel_regression;
  ScaledLoss least_squares;
};

/// Compares softmax kernel regression, which induction heads compute, with least squares on the subject's
/// task with observations of size d and T = 5 d, both tuned for each d. The model takes no part.
std::vector<ScalingPoint> kernel_scaling(const Subject& subject, const std::vector<int>& dimensions,
                                         const Effort& effort);

/// Returns dimension, positions, sequences and, for either algorithm, parameter, relative and relative_late,
/// with a number for each of d = 2, 4, 8, 16, 32.
Record analyze_kernel_scaling(const Subject& subject, const Effort& effort);
/// Throws Error if the task has no such sizes (regression).
void check_kernel_scaling(const Subject& subject);

}  // namespace mesa
