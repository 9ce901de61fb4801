#pragma once

#include <Eigen/Core>

#include "data/task.h"

namespace mesa {

/// W = U diag(e) U^-1 [size, size] with U Gaussian and e made of size - 1 values U(0.3, 0.9) and one 0.9. The
/// columns of U are alike, so which of them belongs to 0.9 makes no difference: it is the last. In double,
/// because U may be nearly singular and rounding W to float then moves its eigenvalues.
Eigen::MatrixXd random_contraction(int size, RandomStream& random);

/// The linear task's dynamics with such a W; the paper clips its states to +-2. states [T + 1, d].
void generate_contracting_system(const TaskConfig& config, RandomStream& random,
                                 const MatrixView<float>& states);

}  // namespace mesa
