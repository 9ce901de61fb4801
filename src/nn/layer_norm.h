#pragma once

#include <vector>

#include "core/matrix_view.h"

namespace mesa {

/// What layer normalisation keeps for the way back, for R rows of D channels.
template <class Scalar>
struct LayerNormActivations {
  LayerNormActivations(int rows, int width)
      : normalised(std::size_t(rows) * width),
        output(std::size_t(rows) * width),
        inverse_deviation(std::size_t(rows)) {}

  std::vector<Scalar> normalised;         ///< [R, D], mean 0 and variance 1
  std::vector<Scalar> output;             ///< [R, D], times the scale
  std::vector<Scalar> inverse_deviation;  ///< [R]
};

/// output = scale * (x - mean x) / sqrt(var x + 1e-5), over the channels of each row (Ba et al. 2016),
/// without an offset, as no layer here has biases. input [R, D], scale [1, D].
template <class Scalar>
void layer_norm_forward(const MatrixView<const Scalar>& input, const MatrixView<const Scalar>& scale,
                        LayerNormActivations<Scalar>& activations);

/// The other way: adds to input_gradient and scale_gradient. output_gradient [R, D].
template <class Scalar>
void layer_norm_backward(const MatrixView<const Scalar>& scale,
                         const LayerNormActivations<Scalar>& activations,
                         const MatrixView<const Scalar>& output_gradient,
                         const MatrixView<Scalar>& input_gradient, const MatrixView<Scalar>& scale_gradient);

}  // namespace mesa
