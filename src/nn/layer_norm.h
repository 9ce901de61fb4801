#pragma once

#include "core/arena.h"
#include "core/matrix_view.h"

namespace mesa {

/// What layer normalisation keeps for the backward pass, for R rows of D channels.
template <class Scalar>
struct LayerNormActivations {
  LayerNormActivations() = default;
  LayerNormActivations(int rows, int width, Arena<Scalar>& arena)
      : normalised(arena.matrix(rows, width)),
        output(arena.matrix(rows, width)),
        inverse_deviation(arena.matrix(rows, 1)) {}

  MatrixView<Scalar> normalised;         ///< [R, D], mean 0 and variance 1
  MatrixView<Scalar> output;             ///< [R, D], times the scale
  MatrixView<Scalar> inverse_deviation;  ///< [R, 1]
};

/// output = scale * (x - mean x) / sqrt(var x + 1e-5), over the channels of each row (Ba et al. 2016),
/// without an offset, as no layer here has biases. input [R, D], scale [1, D].
template <class Scalar>
void layer_norm_forward(const MatrixView<const Scalar>& input, const MatrixView<const Scalar>& scale,
                        const LayerNormActivations<Scalar>& activations);

/// The backward pass of layer_norm_forward(): adds to input_gradient and scale_gradient. output_gradient [R,
/// D].
template <class Scalar>
void layer_norm_backward(const MatrixView<const Scalar>& scale,
                         const LayerNormActivations<Scalar>& activations,
                         const MatrixView<const Scalar>& output_gradient,
                         const MatrixView<Scalar>& input_gradient, const MatrixView<Scalar>& scale_gradient);

}  // namespace mesa
