#include "nn/mlp.h"

#include "core/matrix_product.h"
#include "core/normal_distribution.h"
#include "core/simd.h"

namespace mesa {
namespace {

/// The other way of gelu(), n numbers each.
template <class Scalar>
void gelu_backward(const Scalar* hidden, const Scalar* activated_gradient, Scalar* hidden_gradient, int n) {
  for (int i = 0; i < n; i += kLanes<Scalar>) {
    const Vector<Scalar> x = load_first(hidden + i, n - i);
    const auto [below, density] = normal_distribution(x);
    store_first(hidden_gradient + i, load_first(activated_gradient + i, n - i) * (below + x * density),
                n - i);
  }
}

}  // namespace

template <class Scalar>
void mlp_forward(const MatrixView<const Scalar>& input, const MlpWeights<const Scalar>& weights,
                 MlpActivations<Scalar>& activations, const MatrixView<Scalar>& residual) {
  const MatrixView<Scalar> hidden(activations.hidden.data(), input.rows, activations.size);
  const MatrixView<Scalar> activated(activations.activated.data(), input.rows, activations.size);
  multiply(input, weights.input, hidden);
  gelu<Scalar>(hidden.data, activated.data, input.rows * activations.size);
  multiply_accumulate(read_only(activated), weights.output, residual);
}

template <class Scalar>
void mlp_backward(const MatrixView<const Scalar>& input, const MlpWeights<const Scalar>& weights,
                  MlpActivations<Scalar>& activations, const MatrixView<const Scalar>& output_gradient,
                  const MatrixView<Scalar>& input_gradient, const MlpWeights<Scalar>& weight_gradient,
                  MlpActivations<Scalar>& gradients) {
  const MatrixView<const Scalar> activated(activations.activated.data(), input.rows, activations.size);
  const MatrixView<Scalar> activated_gradient(gradients.activated.data(), input.rows, activations.size);
  const MatrixView<const Scalar> hidden_gradient(gradients.hidden.data(), input.rows, activations.size);
  multiply(output_gradient, weights.output.transposed(), activated_gradient);
  multiply_accumulate(activated.transposed(), output_gradient, weight_gradient.output);
  gelu_backward(activations.hidden.data(), activated_gradient.data, gradients.hidden.data(),
                input.rows * activations.size);
  multiply_accumulate(input.transposed(), hidden_gradient, weight_gradient.input);
  multiply_accumulate(hidden_gradient, weights.input.transposed(), input_gradient);
}

#define MESA_INSTANTIATE(Scalar)                                                               \
  template void mlp_forward(const MatrixView<const Scalar>&, const MlpWeights<const Scalar>&,  \
                            MlpActivations<Scalar>&, const MatrixView<Scalar>&);               \
  template void mlp_backward(const MatrixView<const Scalar>&, const MlpWeights<const Scalar>&, \
                             MlpActivations<Scalar>&, const MatrixView<const Scalar>&,         \
                             const MatrixView<Scalar>&, const MlpWeights<Scalar>&, MlpActivations<Scalar>&);
MESA_INSTANTIATE(float)
MESA_INSTANTIATE(double)
#undef MESA_INSTANTIATE

}  // namespace mesa
