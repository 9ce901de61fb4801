#include "nn/mlp.h"

#include "core/matrix_product.h"
#include "core/normal_distribution.h"
#include "core/simd.h"

namespace mesa {
namespace {

/// The backward pass of gelu(), n numbers each.
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
                 const MlpActivations<Scalar>& activations, const MatrixView<Scalar>& residual) {
  const MatrixView<Scalar> hidden = activations.hidden.row_range(0, input.rows);
  const MatrixView<Scalar> activated = activations.activated.row_range(0, input.rows);
  multiply(input, weights.input, hidden);
  gelu<Scalar>(hidden.data, activated.data, hidden.rows * hidden.columns);
  multiply_accumulate(read_only(activated), weights.output, residual);
}

template <class Scalar>
void mlp_backward(const MatrixView<const Scalar>& input, const MlpWeights<const Scalar>& weights,
                  const MlpActivations<Scalar>& activations, const MatrixView<const Scalar>& output_gradient,
                  const MatrixView<Scalar>& input_gradient, const MlpWeights<Scalar>& weight_gradient,
                  const MlpActivations<Scalar>& gradients) {
  const MatrixView<const Scalar> activated = activations.activated.row_range(0, input.rows);
  const MatrixView<Scalar> activated_gradient = gradients.activated.row_range(0, input.rows);
  const MatrixView<Scalar> hidden_gradient = gradients.hidden.row_range(0, input.rows);
  multiply(output_gradient, weights.output.transposed(), activated_gradient);
  multiply_accumulate(activated.transposed(), output_gradient, weight_gradient.output);
  gelu_backward(activations.hidden.data, activated_gradient.data, hidden_gradient.data,
                activated.rows * activated.columns);
  multiply_accumulate(input.transposed(), read_only(hidden_gradient), weight_gradient.input);
  multiply_accumulate(read_only(hidden_gradient), weights.input.transposed(), input_gradient);
}

#define MESA_INSTANTIATE(Scalar)                                                               \
  template void mlp_forward(const MatrixView<const Scalar>&, const MlpWeights<const Scalar>&,  \
                            const MlpActivations<Scalar>&, const MatrixView<Scalar>&);         \
  template void mlp_backward(const MatrixView<const Scalar>&, const MlpWeights<const Scalar>&, \
                             const MlpActivations<Scalar>&, const MatrixView<const Scalar>&,   \
                             const MatrixView<Scalar>&, const MlpWeights<Scalar>&,             \
                             const MlpActivations<Scalar>&);
MESA_INSTANTIATE(float)
MESA_INSTANTIATE(double)
#undef MESA_INSTANTIATE

}  // namespace mesa
