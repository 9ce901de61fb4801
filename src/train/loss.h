#pragma once

#include "core/matrix_view.h"

namespace mesa {

/// Half the squared distance |prediction - target|^2 / 2, summed over positions and channels; both [T, d].
/// The training loss is the mean of this over the B T positions of a batch.
template <class Scalar>
double squared_error(const MatrixView<const Scalar>& predictions, const MatrixView<const Scalar>& targets);

/// The same of predicting zero.
double zero_squared_error(const MatrixView<const float>& targets);

/// gradient [T, d] = (prediction - target) * scale, the derivative of scale * squared_error().
template <class Scalar>
void squared_error_gradient(const MatrixView<const Scalar>& predictions,
                            const MatrixView<const Scalar>& targets, Scalar scale,
                            const MatrixView<Scalar>& gradient);

}  // namespace mesa
