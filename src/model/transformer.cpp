#include "model/transformer.h"

#include "core/matrix_product.h"
#include "core/simd.h"
#include "core/vector_arithmetic.h"
#include "nn/clip.h"

namespace mesa {
namespace {

template <class Scalar>
void copy(const MatrixView<const Scalar>& from, const MatrixView<Scalar>& to) {
  // By vectors: for so few numbers a call of memmove takes longer.
  for (int i = 0; i < from.rows; ++i) scale(Scalar(1), &from(i, 0), &to(i, 0), from.columns);
}

/// The positional encoding, which only the first layer sees.
template <class Scalar>
MatrixView<const Scalar> encoding_of(const Workspace<Scalar>& workspace, int layer) {
  return layer == 0 ? workspace.encoding() : MatrixView<const Scalar>();
}

/// The input of a sublayer: the residual stream itself, or normalised.
template <class Scalar>
MatrixView<const Scalar> normalise(const MatrixView<const Scalar>& residual,
                                   const MatrixView<const Scalar>& scale,
                                   const LayerNormActivations<Scalar>& norm) {
  if (!norm.output.data) return residual;
  layer_norm_forward(residual, scale, norm);
  return norm.output.row_range(0, residual.rows);
}

/// residual = input + attention(input) + MLP(input + attention(input)); of its first channels, as many as the
/// view has.
template <class Scalar>
void layer_forward(const LayerWeights<const Scalar>& weights, const MatrixView<const Scalar>& encoding,
                   const MatrixView<const Scalar>& input, const LayerActivations<Scalar>& layer,
                   const MatrixView<Scalar>& residual) {
  copy(input.column_range(0, residual.columns), residual);
  attention_forward(normalise(input, weights.attention_norm, layer.attention_norm), encoding,
                    weights.attention, layer.attention, residual);
  if (layer.plan.mlp_size == 0) return;
  const MatrixView<Scalar> between = layer.between.row_range(0, residual.rows);
  copy(read_only(residual), between);
  mlp_forward(normalise(read_only(between), weights.mlp_norm, layer.mlp_norm), weights.mlp, layer.mlp,
              residual);
}

/// A layer norm before a sublayer, for the backward pass.
template <class Scalar>
struct NormBackward {
  const MatrixView<const Scalar>& scale;
  const LayerNormActivations<Scalar>& activations;
  const MatrixView<Scalar>& scale_gradient;
  const MatrixView<Scalar>& normalised_gradient;  ///< scratch memory
};

/// Runs sublayer_backward(input, input_gradient), whose input may have been normalised, such that the
/// residual gradient, which is that of the sublayer's output, becomes that of its input, the residual path
/// included.
template <class Scalar, class Backward>
void through_norm(const MatrixView<const Scalar>& input, const NormBackward<Scalar>& norm,
                  const MatrixView<Scalar>& residual_gradient, const Backward& sublayer_backward) {
  if (!norm.activations.output.data) return sublayer_backward(input, residual_gradient);
  const MatrixView<Scalar> gradient = norm.normalised_gradient.row_range(0, input.rows);
  store_zeros(gradient.data, gradient.rows * gradient.columns);
  sublayer_backward(norm.activations.output.row_range(0, input.rows), gradient);
  layer_norm_backward(norm.scale, norm.activations, read_only(gradient), residual_gradient,
                      norm.scale_gradient);
}

/// From the gradient [N T, D] of a layer's output, zero beyond the channels that it computes, to that of its
/// input, which without needs_input_gradient need not be right.
template <class Scalar>
void layer_backward(const LayerWeights<const Scalar>& weights, const MatrixView<const Scalar>& encoding,
                    const MatrixView<const Scalar>& input, const LayerActivations<Scalar>& layer,
                    const LayerWeights<Scalar>& weight_gradient, const LayerGradients<Scalar>& gradients,
                    const MatrixView<Scalar>& residual_gradient, bool needs_input_gradient) {
  if (layer.plan.mlp_size > 0) {
    through_norm<Scalar>(
        read_only(layer.between.row_range(0, input.rows)),
        {weights.mlp_norm, layer.mlp_norm, weight_gradient.mlp_norm, gradients.normalised}, residual_gradient,
        [&](const MatrixView<const Scalar>& mlp_input, const MatrixView<Scalar>& input_gradient) {
          mlp_backward(mlp_input, weights.mlp, layer.mlp, read_only(residual_gradient), input_gradient,
                       weight_gradient.mlp, gradients.mlp);
        });
  }
  through_norm<Scalar>(
      input,
      {weights.attention_norm, layer.attention_norm, weight_gradient.attention_norm, gradients.normalised},
      residual_gradient,
      [&](const MatrixView<const Scalar>& attention_input, const MatrixView<Scalar>& input_gradient) {
        // A layer norm before the attention has a gradient of its own, which needs this one.
        const bool is_needed = needs_input_gradient || layer.plan.has_norm;
        attention_backward(attention_input, encoding, weights.attention, layer.attention,
                           read_only(residual_gradient).column_range(0, layer.plan.channels),
                           is_needed ? input_gradient : MatrixView<Scalar>(), weight_gradient.attention,
                           gradients.attention);
      });
}

/// The residual stream after a layer, or its gradient, in the channels that the layer computes.
template <class Scalar>
MatrixView<Scalar> computed(const MatrixView<Scalar>& residual, const LayerPlan& plan) {
  return residual.column_range(0, plan.channels);
}

}  // namespace

template <class Scalar>
void forward(const CompiledModel& model, const ModelWeights<const Scalar>& weights,
             Workspace<Scalar>& workspace) {
  const ModelConfig& config = model.config;
  if (config.embedded_size > 0)
    multiply(read_only(workspace.tokens()), weights.embedding, workspace.residual(0));
  for (int layer = 0; layer < config.layers; ++layer) {
    const LayerActivations<Scalar>& activations = workspace.layer(layer);
    const MatrixView<Scalar> residual = computed(workspace.residual(layer + 1), activations.plan);
    layer_forward(weights.layers[std::size_t(layer)], encoding_of(workspace, layer),
                  read_only(workspace.residual(layer)), activations, residual);
    clip_forward(residual, Scalar(config.residual_limit));
  }
  if (config.embedded_size > 0)
    multiply(read_only(workspace.residual(config.layers)), weights.head, workspace.predictions());
}

template <class Scalar>
void backward(const CompiledModel& model, const ModelWeights<const Scalar>& weights,
              Workspace<Scalar>& workspace, const ModelWeights<Scalar>& weight_gradient) {
  const ModelConfig& config = model.config;
  const MatrixView<Scalar> residual_gradient = workspace.residual_gradient();
  if (config.embedded_size > 0) {
    const MatrixView<const Scalar> output_gradient = workspace.prediction_gradient();
    multiply_accumulate(read_only(workspace.residual(config.layers).transposed()), output_gradient,
                        weight_gradient.head);
    multiply(output_gradient, weights.head.transposed(), residual_gradient);
  }
  for (int layer = config.layers - 1; layer >= 0; --layer) {
    const LayerActivations<Scalar>& activations = workspace.layer(layer);
    const auto index = std::size_t(layer);
    clip_backward(read_only(computed(workspace.residual(layer + 1), activations.plan)),
                  Scalar(config.residual_limit), computed(residual_gradient, activations.plan));
    layer_backward(weights.layers[index], encoding_of(workspace, layer), read_only(workspace.residual(layer)),
                   activations, weight_gradient.layers[index], workspace.layer_gradients(layer),
                   residual_gradient, model.needs_input_gradient(layer));
  }
  if (config.embedded_size > 0) {
    multiply_accumulate(read_only(workspace.tokens().transposed()), read_only(residual_gradient),
                        weight_gradient.embedding);
  }
}

#define MESA_INSTANTIATE(Scalar)                                                                      \
  template void forward(const CompiledModel&, const ModelWeights<const Scalar>&, Workspace<Scalar>&); \
  template void backward(const CompiledModel&, const ModelWeights<const Scalar>&, Workspace<Scalar>&, \
                         const ModelWeights<Scalar>&);
MESA_INSTANTIATE(float)
MESA_INSTANTIATE(double)
#undef MESA_INSTANTIATE

}  // namespace mesa
