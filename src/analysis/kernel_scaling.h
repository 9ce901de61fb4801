#pragma once

#include <string>
#include <vector>

#include "analysis/record.h"
#include "analysis/subject.h"

namespace mesa {

/// A tuned reference algorithm on systems of one size, beside predicting zero on the same sequences.
struct ScaledLoss {
  double parameter;      ///< the line-searched one: beta of kernel regression, ridge of least squares
  double relative;       ///< mean loss / that of zero
  double relative_late;  ///< the same in the last fifth of the positions
};

struct ScalingPoint {
  int dimension;  ///< d
  int positions;  ///< T = 5 d
  int sequences;  ///< measured on; a quarter as many are tuned on
  ScaledLoss kernel_regression;
  ScaledLoss least_squares;
};

/// Softmax kernel regression, which is what induction heads compute, against least squares on the subject's
/// task with observations of size d and T = 5 d, both tuned for each d. Throws Error when the task has no
/// such sizes (regression).
std::vector<ScalingPoint> kernel_scaling(const Subject& subject, const std::vector<int>& dimensions,
                                         const Effort& effort);

/// dimension, positions, sequences and, for either algorithm, parameter, relative and relative_late: a number
/// for each of d = 2, 4, 8, 16, 32. The model has no part in it.
Record analyze_kernel_scaling(const Subject& subject, const Effort& effort);
void check_kernel_scaling(const Subject& subject);

}  // namespace mesa
