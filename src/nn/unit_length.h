#pragma once

#include "core/matrix_view.h"

namespace mesa {

/// Divides each row of vectors [T, K], in place, by its length sqrt(1e-12 + |x|^2), so that zero stays zero,
/// and stores the lengths [T, 1].
template <class Scalar>
void unit_length_forward(const MatrixView<Scalar>& vectors, const MatrixView<Scalar>& lengths);

/// The backward pass of unit_length_forward(): turns the gradient of the unit vectors, in place, into that of
/// the original vectors.
template <class Scalar>
void unit_length_backward(const MatrixView<const Scalar>& unit_vectors,
                          const MatrixView<const Scalar>& lengths, const MatrixView<Scalar>& gradient);

}  // namespace mesa
