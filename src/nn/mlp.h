#pragma once

#include "core/arena.h"
#include "core/matrix_view.h"

namespace mesa {

/// Weights of a two-layer perceptron without biases; with a non-const Scalar also their gradient.
template <class Scalar>
struct MlpWeights {
  MatrixView<Scalar> input;   ///< W_1 [D, M]
  MatrixView<Scalar> output;  ///< W_2 [M, D]
};

/// What it computes for R = N T rows, or the gradients of that.
template <class Scalar>
struct MlpActivations {
  MlpActivations() = default;
  MlpActivations(int rows, int size, Arena<Scalar>& arena)
      : hidden(arena.matrix(rows, size)), activated(arena.matrix(rows, size)) {}

  MatrixView<Scalar> hidden;     ///< [R, M], before the nonlinearity
  MatrixView<Scalar> activated;  ///< [R, M], after it
};

/// residual [R, D] += gelu(input W_1) W_2, with the exact gelu(x) = x Phi(x) (Hendrycks and Gimpel 2016).
/// input and residual must not overlap.
template <class Scalar>
void mlp_forward(const MatrixView<const Scalar>& input, const MlpWeights<const Scalar>& weights,
                 const MlpActivations<Scalar>& activations, const MatrixView<Scalar>& residual);

/// The backward pass of mlp_forward(): adds to input_gradient [R, D], which may be the same memory as
/// output_gradient, the gradient of what was added to the residual. Adds to weight_gradient; `gradients` is
/// overwritten.
template <class Scalar>
void mlp_backward(const MatrixView<const Scalar>& input, const MlpWeights<const Scalar>& weights,
                  const MlpActivations<Scalar>& activations, const MatrixView<const Scalar>& output_gradient,
                  const MatrixView<Scalar>& input_gradient, const MlpWeights<Scalar>& weight_gradient,
                  const MlpActivations<Scalar>& gradients);

}  // namespace mesa
