#pragma once

#include "core/matrix_view.h"

namespace mesa {

/// Columns that inverse_cholesky_factor() works on: [X I], behind them room for vectors that reach over the
/// end and, in the last one, for pivots.
constexpr int augmented_columns(int n) { return 2 * n + 32; }

/// L^-1 [n, n], where diag(r, r^2, .. r^n) - X = L L^T with L lower triangular, X [n, n] symmetric and, but
/// for rounding, negative semidefinite, r > 0. No pivot, of which L has the roots in its diagonal, becomes
/// less than what stands there of diag(..). X is in the first n columns of `augmented` [n,
/// augmented_columns(n)], which are read on and above the diagonal; all of it is overwritten.
template <class Scalar>
void inverse_cholesky_factor(const MatrixView<Scalar>& augmented, Scalar r,
                             const MatrixView<Scalar>& inverse_factor);

}  // namespace mesa
