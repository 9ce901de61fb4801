#pragma once

#include "core/matrix_view.h"

namespace mesa {

/// Clips every entry to +-limit, in place. limit 0 means no clipping.
template <class Scalar>
void clip_forward(const MatrixView<Scalar>& values, Scalar limit);

/// Zeroes the gradient, in place, wherever clip_forward left a value at its limit.
template <class Scalar>
void clip_backward(const MatrixView<const Scalar>& clipped, Scalar limit, const MatrixView<Scalar>& gradient);

}  // namespace mesa
