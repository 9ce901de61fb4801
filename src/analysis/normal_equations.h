#pragma once

#include "reference/predictor.h"

namespace mesa {

/// The coefficients C [n, m] that bring X C nearest to Y in the sense of least squares, from gram = X^T X
/// [n, n] and cross = X^T Y [n, m], by Cholesky decomposition. Of the gram
/// matrix only what stands on and below the diagonal is read. A ridge of 1e-10 of each diagonal entry lets
/// inputs be zero, equal or otherwise dependent; it is far below what float activations resolve.
RowMatrix solve_normal_equations(RowMatrix gram, RowMatrix cross);

}  // namespace mesa
