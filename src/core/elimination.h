#pragma once

#include "core/matrix_view.h"

namespace mesa {

/// Gaussian elimination of each row of A + P from those below it, A [n, n] symmetric and positive
/// semidefinite, P > 0 diagonal: with L lower triangular and ones in its diagonal, A + P = L D L^T.
/// `augmented` [n, 2 n] is [A I], of A only what is not below the diagonal being read, and becomes [. L^-1].
/// pivots [n, 1] is P and becomes D, which rounding does not make less than P.
template <class Scalar>
void eliminate(const MatrixView<Scalar>& augmented, const MatrixView<Scalar>& pivots);

}  // namespace mesa
