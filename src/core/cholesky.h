#pragma once

#include "core/matrix_view.h"

namespace mesa {

/// Columns of the matrix that inverse_cholesky_factor() works on: [X I], room for vectors that reach beyond
/// the end, and the inverse pivots in the last column.
constexpr int augmented_columns(int n) { return 2 * n + 32; }

/// Writes L^-1 [n, n], where L is lower triangular and L L^T = diag(r, r^2, .. r^n) - X. X [n, n] is
/// symmetric and, up to rounding, negative semidefinite; r > 0. No pivot (the square of a diagonal entry of
/// L) falls below the entry of diag(..) in its row. `augmented` [n, augmented_columns(n)] holds X in its
/// first n columns, of which only the diagonal and the entries above it are read; all of it is overwritten.
template <class Scalar>
void inverse_cholesky_factor(const MatrixView<Scalar>& augmented, Scalar r,
                             const MatrixView<Scalar>& inverse_factor);

}  // namespace mesa
