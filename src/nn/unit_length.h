#pragma once

#include "core/matrix_view.h"

namespace mesa {

/// Divides each row of vectors [T, K], in place, by its length, which goes into lengths [T, 1]. The length of
/// nearly nothing is taken as 1e-6, so that zero stays zero.
template <class Scalar>
void unit_length_forward(const MatrixView<Scalar>& vectors, const MatrixView<Scalar>& lengths);

/// Turns the gradient of the unit vectors, in place, into that of the vectors before.
template <class Scalar>
void unit_length_backward(const MatrixView<const Scalar>& unit_vectors,
                          const MatrixView<const Scalar>& lengths, const MatrixView<Scalar>& gradient);

}  // namespace mesa
