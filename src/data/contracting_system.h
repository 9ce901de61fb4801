#pragma once

#include <Eigen/Core>

#include "data/task.h"

namespace mesa {

/// W = U diag(e) U^-1 [size, size], where U is Gaussian and e holds size - 1 values from U(0.3, 0.9), then
/// 0.9 (all columns of U are distributed alike, so its place does not matter). W is in double because U may
/// be nearly singular, and rounding W to float would then move its eigenvalues.
Eigen::MatrixXd random_contraction(int size, RandomStream& random);

/// Writes states [T + 1, d] of the linear task's dynamics with such a W. The paper clips them to +-2.
void generate_contracting_system(const TaskConfig& config, RandomStream& random,
                                 const MatrixView<float>& states);

}  // namespace mesa
