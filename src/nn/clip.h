#pragma once

#include "core/matrix_view.h"

namespace mesa {

/// Clips every entry to +-limit, in place. limit 0 means no clipping.
template <class Scalar>
void clip_forward(const MatrixView<Scalar>& values, Scalar limit);

/// The backward pass of clip_forward(): zeroes the gradient, in place, where a value is at its limit.
template <class Scalar>
void clip_backward(const MatrixView<const Scalar>& clipped, Scalar limit, const MatrixView<Scalar>& gradient);

}  // namespace mesa
