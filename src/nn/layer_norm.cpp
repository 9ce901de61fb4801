#include "nn/layer_norm.h"

#include <cmath>

namespace mesa {

template <class Scalar>
void layer_norm_forward(const MatrixView<const Scalar>& input, const MatrixView<const Scalar>& scale,
                        const LayerNormActivations<Scalar>& activations) {
  constexpr auto kEpsilon = Scalar(1e-5);
  const int width = input.columns;
  const auto& [normalised, output, inverse_deviations] = activations;
  for (int r = 0; r < input.rows; ++r) {
    Scalar mean = 0;
    for (int i = 0; i < width; ++i) mean += input(r, i);
    mean /= Scalar(width);
    Scalar variance = 0;
    for (int i = 0; i < width; ++i) variance += (input(r, i) - mean) * (input(r, i) - mean);
    variance /= Scalar(width);
    const Scalar inverse_deviation = 1 / std::sqrt(variance + kEpsilon);
    inverse_deviations(r, 0) = inverse_deviation;
    for (int i = 0; i < width; ++i) {
      normalised(r, i) = (input(r, i) - mean) * inverse_deviation;
      output(r, i) = scale(0, i) * normalised(r, i);
    }
  }
}

template <class Scalar>
void layer_norm_backward(const MatrixView<const Scalar>& scale,
                         const LayerNormActivations<Scalar>& activations,
                         const MatrixView<const Scalar>& output_gradient,
                         const MatrixView<Scalar>& input_gradient, const MatrixView<Scalar>& scale_gradient) {
  const int width = output_gradient.columns;
  const MatrixView<Scalar>& normalised = activations.normalised;
  for (int r = 0; r < output_gradient.rows; ++r) {
    Scalar mean = 0;   // of the gradient of `normalised`
    Scalar along = 0;  // and its mean product with `normalised`
    for (int i = 0; i < width; ++i) {
      const Scalar gradient = output_gradient(r, i) * scale(0, i);
      scale_gradient(0, i) += output_gradient(r, i) * normalised(r, i);
      mean += gradient / Scalar(width);
      along += gradient * normalised(r, i) / Scalar(width);
    }
    const Scalar inverse_deviation = activations.inverse_deviation(r, 0);
    for (int i = 0; i < width; ++i) {
      const Scalar gradient = output_gradient(r, i) * scale(0, i);
      input_gradient(r, i) += (gradient - mean - along * normalised(r, i)) * inverse_deviation;
    }
  }
}

#define MESA_INSTANTIATE(Scalar)                                                                          \
  template void layer_norm_forward(const MatrixView<const Scalar>&, const MatrixView<const Scalar>&,      \
                                   const LayerNormActivations<Scalar>&);                                  \
  template void layer_norm_backward(const MatrixView<const Scalar>&, const LayerNormActivations<Scalar>&, \
                                    const MatrixView<const Scalar>&, const MatrixView<Scalar>&,           \
                                    const MatrixView<Scalar>&);
MESA_INSTANTIATE(float)
MESA_INSTANTIATE(double)
#undef MESA_INSTANTIATE

}  // namespace mesa
