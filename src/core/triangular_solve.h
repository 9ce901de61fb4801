#pragma once

#include "core/matrix_view.h"

namespace mesa {

/// Solves (I - L) X = B in place of B: x_t += sum over t' < t of L(t, t') x_t', for t going up. Of L [T, T]
/// only what stands below the diagonal is read, all else being zero; X [T, n] with contiguous rows.
template <class Scalar>
void solve_lower(MatrixView<const Scalar> strictly_lower, MatrixView<Scalar> x);

/// Solves (I - L^T) X = B likewise: x_t += sum over t' > t of L(t', t) x_t', for t going down.
template <class Scalar>
void solve_transposed(MatrixView<const Scalar> strictly_lower, MatrixView<Scalar> x);

}  // namespace mesa
