#include "model/transformer.h"

#include <algorithm>
#include <cassert>

#include "core/matrix_product.h"
#include "core/simd.h"
#include "core/vector_arithmetic.h"
#include "nn/clip.h"
#include "nn/positional_encoding.h"

namespace mesa {
namespace {

AttentionConfig attention_config(const ModelConfig& config, int layer) {
  const AttentionShape shape = config.shape_of(layer);
  return {config.attention_of(layer), config.heads, shape.key_size, shape.value_size,
          config.normalise_query_key};
}

/// As wide as any layer is.
AttentionConfig widest_attention_config(const ModelConfig& config) {
  AttentionConfig widest = attention_config(config, 0);
  widest.kind = AttentionKind::linear;
  for (int layer = 1; layer < config.layers; ++layer) {
    const AttentionShape shape = config.shape_of(layer);
    widest.key_size = std::max(widest.key_size, shape.key_size);
    widest.value_size = std::max(widest.value_size, shape.value_size);
  }
  return widest;
}

template <class Scalar>
void copy(const MatrixView<const Scalar>& from, const MatrixView<Scalar>& to) {
  // By vectors: for so few numbers a call of memmove takes longer.
  for (int i = 0; i < from.rows; ++i) scale(Scalar(1), &from(i, 0), &to(i, 0), from.columns);
}

template <class Scalar>
MatrixView<const Scalar> encoding_of(const Activations<Scalar>& activations) {
  if (activations.encoding.empty()) return {};
  return {activations.encoding.data(), activations.config.positions, activations.config.width};
}

/// The input of a sublayer: the residual stream itself, or normalised.
template <class Scalar>
MatrixView<const Scalar> normalise(const MatrixView<const Scalar>& residual,
                                   const MatrixView<const Scalar>& scale,
                                   std::optional<LayerNormActivations<Scalar>>& norm) {
  if (!norm) return residual;
  layer_norm_forward(residual, scale, *norm);
  return {norm->output.data(), residual.rows, residual.columns};
}

/// residual = input + attention(input) + MLP(input + attention(input)), clipped; of its first channels, as
/// many as the view has.
template <class Scalar>
void layer_forward(const ModelConfig& config, const LayerWeights<const Scalar>& weights,
                   const MatrixView<const Scalar>& encoding, const MatrixView<const Scalar>& input,
                   LayerActivations<Scalar>& layer, const MatrixView<Scalar>& residual) {
  copy(input.column_range(0, residual.columns), residual);
  attention_forward(normalise(input, weights.attention_norm, layer.attention_norm), encoding,
                    weights.attention, layer.attention, residual);
  if (layer.mlp) {
    const MatrixView<Scalar> between(layer.between.data(), residual.rows, residual.columns);
    copy(read_only(residual), between);
    mlp_forward(normalise(read_only(between), weights.mlp_norm, layer.mlp_norm), weights.mlp, *layer.mlp,
                residual);
  }
  clip_forward(residual, Scalar(config.residual_limit));
}

/// Runs `sublayer_backward(input, input_gradient)`, whose input may have been normalised, such that the
/// residual gradient, which is that of the sublayer's output, becomes that of its input, the residual path
/// included.
template <class Scalar, class Backward>
void through_norm(const MatrixView<const Scalar>& input, const MatrixView<const Scalar>& scale,
                  const std::optional<LayerNormActivations<Scalar>>& norm,
                  const MatrixView<Scalar>& scale_gradient, std::vector<Scalar>& normalised_gradient,
                  const MatrixView<Scalar>& residual_gradient, const Backward& sublayer_backward) {
  if (!norm) return sublayer_backward(input, residual_gradient);
  store_zeros(normalised_gradient.data(), int(normalised_gradient.size()));
  const MatrixView<Scalar> gradient(normalised_gradient.data(), input.rows, input.columns);
  sublayer_backward({norm->output.data(), input.rows, input.columns}, gradient);
  layer_norm_backward(scale, *norm, read_only(gradient), residual_gradient, scale_gradient);
}

/// From the gradient [N T, D] of a layer's output, zero beyond its first `channels`, to that of its input,
/// which without needs_input_gradient need not be right.
template <class Scalar>
void layer_backward(const LayerWeights<const Scalar>& weights, const MatrixView<const Scalar>& encoding,
                    const MatrixView<const Scalar>& input, LayerActivations<Scalar>& layer,
                    const LayerWeights<Scalar>& weight_gradient, ActivationGradients<Scalar>& gradients,
                    const MatrixView<Scalar>& residual_gradient, int channels, bool needs_input_gradient) {
  if (layer.mlp) {
    through_norm<Scalar>(
        {layer.between.data(), input.rows, input.columns}, weights.mlp_norm, layer.mlp_norm,
        weight_gradient.mlp_norm, gradients.normalised, residual_gradient,
        [&](const MatrixView<const Scalar>& mlp_input, const MatrixView<Scalar>& input_gradient) {
          mlp_backward(mlp_input, weights.mlp, *layer.mlp, read_only(residual_gradient), input_gradient,
                       weight_gradient.mlp, *gradients.layer.mlp);
        });
  }
  through_norm<Scalar>(
      input, weights.attention_norm, layer.attention_norm, weight_gradient.attention_norm,
      gradients.normalised, residual_gradient,
      [&](const MatrixView<const Scalar>& attention_input, const MatrixView<Scalar>& input_gradient) {
        // A layer norm before the attention has a gradient of its own, which needs this one.
        const bool is_needed = needs_input_gradient || layer.attention_norm;
        attention_backward(attention_input, encoding, weights.attention, layer.attention,
                           read_only(residual_gradient).column_range(0, channels),
                           is_needed ? input_gradient : MatrixView<Scalar>(), weight_gradient.attention,
                           gradients.layer.attention);
      });
}

}  // namespace

template <class Scalar>
LayerActivations<Scalar>::LayerActivations(const ModelConfig& config, const AttentionConfig& attention,
                                           int sequences)
    : attention(attention, sequences, config.positions) {
  const int rows = sequences * config.positions;
  if (config.layer_norm) attention_norm.emplace(rows, config.width);
  if (config.mlp_size == 0) return;
  if (config.layer_norm) mlp_norm.emplace(rows, config.width);
  between.resize(std::size_t(rows) * config.width);
  mlp.emplace(rows, config.mlp_size);
}

template <class Scalar>
Activations<Scalar>::Activations(const ModelConfig& config, int sequences)
    : config(config),
      rows(sequences * config.positions),
      embedded(std::size_t(rows) * config.embedded_size),
      residuals(std::size_t(config.layers) + 1, std::vector<Scalar>(std::size_t(rows) * config.width)),
      outputs(config.embedded_size > 0 ? std::size_t(rows) * config.output_size : 0) {
  if (config.positional_encoding) encoding = positional_encoding<Scalar>(config.positions, config.width);
  for (int layer = 0; layer < config.layers; ++layer)
    layers.emplace_back(config, attention_config(config, layer), sequences);
}

template <class Scalar>
void Activations<Scalar>::set_sequences(int sequences) {
  rows = sequences * config.positions;
  for (LayerActivations<Scalar>& layer : layers) layer.attention.sequences = sequences;
}

template <class Scalar>
MatrixView<Scalar> Activations<Scalar>::tokens(int sequence) {
  if (config.embedded_size == 0) return residual(0, sequence);
  return MatrixView<Scalar>(embedded.data(), rows, config.embedded_size)
      .row_range(sequence * config.positions, config.positions);
}

template <class Scalar>
MatrixView<Scalar> Activations<Scalar>::predictions(int sequence) {
  if (config.embedded_size == 0) return residual(config.layers, sequence).column_range(0, config.output_size);
  return MatrixView<Scalar>(outputs.data(), rows, config.output_size)
      .row_range(sequence * config.positions, config.positions);
}

template <class Scalar>
ActivationGradients<Scalar>::ActivationGradients(const ModelConfig& config, int sequences)
    : config(config),
      residuals(std::size_t(sequences) * config.positions * config.width),
      normalised(config.layer_norm ? residuals.size() : 0),
      outputs(config.embedded_size > 0 ? std::size_t(sequences) * config.positions * config.output_size : 0),
      layer(config, widest_attention_config(config), sequences) {}

namespace {

/// Those of LayerActivations.
double layer_numbers(const ModelConfig& config, const AttentionConfig& attention, int sequences) {
  const double rows = double(sequences) * config.positions;
  const double of_norm = config.layer_norm ? rows * (2.0 * config.width + 1) : 0;
  const double of_mlp = config.mlp_size > 0 ? rows * (config.width + 2.0 * config.mlp_size) + of_norm : 0;
  return attention_numbers(attention, sequences, config.positions) + of_norm + of_mlp;
}

}  // namespace

double activation_numbers(const ModelConfig& config, int sequences) {
  const double rows = double(sequences) * config.positions;
  const int residuals = config.layers + 2;  // one of them the gradient
  double numbers = rows * (config.embedded_size + double(residuals) * config.width);
  if (config.embedded_size > 0) numbers += rows * 2 * config.output_size;
  if (config.layer_norm) numbers += rows * config.width;
  if (config.positional_encoding) numbers += double(config.positions) * config.width;
  for (int layer = 0; layer < config.layers; ++layer) {
    numbers += layer_numbers(config, attention_config(config, layer), sequences);
  }
  return numbers + layer_numbers(config, widest_attention_config(config), sequences);
}

template <class Scalar>
void ActivationGradients<Scalar>::clear() {
  store_zeros(residuals.data(), int(residuals.size()));
  store_zeros(outputs.data(), int(outputs.size()));
}

template <class Scalar>
MatrixView<Scalar> ActivationGradients<Scalar>::predictions(int sequence) {
  if (config.embedded_size == 0) return residual(sequence).column_range(0, config.output_size);
  const std::size_t size = std::size_t(config.positions) * config.output_size;
  return {outputs.data() + sequence * size, config.positions, config.output_size};
}

template <class Scalar>
MatrixView<Scalar> ActivationGradients<Scalar>::residual(int sequence) {
  const std::size_t size = std::size_t(config.positions) * config.width;
  return {residuals.data() + sequence * size, config.positions, config.width};
}

template <class Scalar>
void forward(const ParameterTable& table, const Scalar* parameters, Activations<Scalar>& activations,
             Pass pass) {
  const ModelConfig& config = activations.config;
  assert(pass == Pass::predictions || config.shapes.empty());
  const ModelWeights<const Scalar> weights = table.weights(parameters);
  const int rows = activations.rows;
  if (config.embedded_size > 0) {
    multiply({activations.embedded.data(), rows, config.embedded_size}, weights.embedding,
             activations.residual(0));
  }
  for (int depth = 0; depth < config.layers; ++depth) {
    const MatrixView<const Scalar> encoding =
        depth == 0 ? encoding_of(activations) : MatrixView<const Scalar>();
    const int channels = pass == Pass::predictions ? config.channels_read(depth) : config.width;
    layer_forward(config, weights.layers[std::size_t(depth)], encoding,
                  read_only(activations.residual(depth)), activations.layers[std::size_t(depth)],
                  activations.residual(depth + 1).column_range(0, channels));
  }
  if (config.embedded_size > 0) {
    multiply(read_only(activations.residual(config.layers)), weights.head,
             MatrixView<Scalar>(activations.outputs.data(), rows, config.output_size));
  }
}

template <class Scalar>
void backward(const ParameterTable& table, const Scalar* parameters, Activations<Scalar>& activations,
              Scalar* parameter_gradient, ActivationGradients<Scalar>& gradients, Pass pass) {
  const ModelConfig& config = activations.config;
  assert(pass == Pass::predictions || config.shapes.empty());
  const ModelWeights<const Scalar> weights = table.weights(parameters);
  const ModelWeights<Scalar> weight_gradient = table.weights(parameter_gradient);
  const int rows = activations.rows;
  const MatrixView<Scalar> residual_gradient(gradients.residuals.data(), rows, config.width);
  gradients.layer.attention.sequences = activations.sequences();
  if (config.embedded_size > 0) {
    const MatrixView<const Scalar> output_gradient(gradients.outputs.data(), rows, config.output_size);
    multiply_accumulate(read_only(activations.residual(config.layers).transposed()), output_gradient,
                        weight_gradient.head);
    multiply(output_gradient, weights.head.transposed(), residual_gradient);
  }
  for (int depth = config.layers - 1; depth >= 0; --depth) {
    const auto layer = std::size_t(depth);
    const MatrixView<const Scalar> encoding =
        depth == 0 ? encoding_of(activations) : MatrixView<const Scalar>();
    const int channels = config.channels_read(depth);
    clip_backward(read_only(activations.residual(depth + 1)).column_range(0, channels),
                  Scalar(config.residual_limit), residual_gradient.column_range(0, channels));
    gradients.layer.attention.config = activations.layers[layer].attention.config;
    const bool needs_input_gradient = depth > 0 || config.embedded_size > 0 || pass == Pass::complete;
    layer_backward(weights.layers[layer], encoding, read_only(activations.residual(depth)),
                   activations.layers[layer], weight_gradient.layers[layer], gradients, residual_gradient,
                   channels, needs_input_gradient);
  }
  if (config.embedded_size > 0) {
    const MatrixView<const Scalar> embedded(activations.embedded.data(), rows, config.embedded_size);
    multiply_accumulate(embedded.transposed(), read_only(residual_gradient), weight_gradient.embedding);
  }
}

#define MESA_INSTANTIATE(Scalar)                                                              \
  template struct LayerActivations<Scalar>;                                                   \
  template struct Activations<Scalar>;                                                        \
  template struct ActivationGradients<Scalar>;                                                \
  template void forward(const ParameterTable&, const Scalar*, Activations<Scalar>&, Pass);    \
  template void backward(const ParameterTable&, const Scalar*, Activations<Scalar>&, Scalar*, \
                         ActivationGradients<Scalar>&, Pass);
MESA_INSTANTIATE(float)
MESA_INSTANTIATE(double)
#undef MESA_INSTANTIATE

}  // namespace mesa
