#pragma once

#include "core/matrix_view.h"

namespace mesa {

/// Half the squared distance |prediction - label|^2 / 2, summed over positions and channels; both [T, d]. The
/// training loss is the mean of this over the B T positions of a batch.
template <class Scalar>
double squared_error(const MatrixView<const Scalar>& predictions, const MatrixView<const Scalar>& labels);

/// The same of predicting zero.
double zero_squared_error(const MatrixView<const float>& labels);

/// gradient [T, d] = (prediction - label) * scale, the derivative of scale * squared_error().
template <class Scalar>
void squared_error_gradient(const MatrixView<const Scalar>& predictions,
                            const MatrixView<const Scalar>& labels, Scalar scale,
                            const MatrixView<Scalar>& gradient);

}  // namespace mesa
