#pragma once

#include "reference/predictor.h"

namespace mesa {

/// The coefficients C [n, m] that minimise |X C - Y|^2, from gram = X^T X [n, n] and cross = X^T Y [n, m], by
/// Cholesky decomposition. Only the lower triangle of gram is read. A ridge of 1e-10 of each diagonal entry
/// permits inputs that are zero or linearly dependent; it is far below what float activations resolve.
RowMatrix solve_normal_equations(RowMatrix gram, RowMatrix cross);

}  // namespace mesa
