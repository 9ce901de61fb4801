#include "nn/attention.h"

#include <cassert>
#include <cmath>

#include "core/matrix_product.h"
#include "nn/linear_attention.h"
#include "nn/softmax_attention.h"
#include "nn/unit_length.h"

namespace mesa {
namespace {

template <class Scalar>
Scalar sigmoid(Scalar x) {
  return 1 / (1 + std::exp(-x));
}

template <class Scalar>
MesaScalars<Scalar> mesa_scalars(const AttentionWeights<const Scalar>& weights, int head) {
  return {std::exp(weights.log_inverse_ridge(0, head)),
          weights.forget_logit.data ? sigmoid(weights.forget_logit(0, head)) : Scalar(1)};
}

/// The channels of the input, or of its gradient, that the projections have rows for: the last ones.
template <class Scalar, class Weight>
MatrixView<Scalar> channels_read(MatrixView<Scalar> input, MatrixView<Weight> projection) {
  return input.column_range(input.columns - projection.rows, projection.rows);
}

/// projection [N T, H K] = input * weight, plus what the weight's positional rows make of the encoding.
/// Without a weight there is no projection; see projected_or_input().
template <class Scalar>
void project(MatrixView<const Scalar> input, MatrixView<const Scalar> weight,
             MatrixView<const Scalar> encoding, MatrixView<const Scalar> position_weight,
             MatrixView<Scalar> projection) {
  if (!weight.data) return;
  multiply(channels_read(input, weight), weight, projection);
  if (!position_weight.data) return;
  for (int first = 0; first < projection.rows; first += encoding.rows) {
    multiply_accumulate(encoding, position_weight, projection.row_range(first, encoding.rows));
  }
}

/// Keys or values [T, K] of one sequence and head.
template <class Scalar>
MatrixView<const Scalar> projected_or_input(MatrixView<const Scalar> input, MatrixView<const Scalar> weight,
                                            AttentionActivations<Scalar>& a, std::vector<Scalar>& projection,
                                            int n, int h) {
  if (!weight.data) return input.row_range(n * a.positions, a.positions);
  return a.head(projection, n, h);
}

/// Adds up the heads: what came to the input from each of them where it was its key or value.
template <class Scalar>
void add_heads(MatrixView<const Scalar> gradient, MatrixView<Scalar> input_gradient) {
  for (int i = 0; i < gradient.rows; ++i) {
    Scalar* sum = &input_gradient(i, 0);
    for (int first = 0; first < gradient.columns; first += input_gradient.columns) {
      const Scalar* head = &gradient(i, first);
      for (int j = 0; j < input_gradient.columns; ++j) sum[j] += head[j];
    }
  }
}

/// The other way.
template <class Scalar>
void project_back(MatrixView<const Scalar> input, MatrixView<const Scalar> weight,
                  MatrixView<const Scalar> encoding, MatrixView<const Scalar> projection_gradient,
                  MatrixView<Scalar> input_gradient, MatrixView<Scalar> weight_gradient,
                  MatrixView<Scalar> position_weight_gradient) {
  if (!weight.data) {
    if (input_gradient.data) add_heads(projection_gradient, input_gradient);
    return;
  }
  multiply_accumulate(channels_read(input, weight).transposed(), projection_gradient, weight_gradient);
  if (input_gradient.data) {
    multiply_accumulate(projection_gradient, weight.transposed(), channels_read(input_gradient, weight));
  }
  if (!position_weight_gradient.data) return;
  for (int first = 0; first < projection_gradient.rows; first += encoding.rows) {
    multiply_accumulate(encoding.transposed(), projection_gradient.row_range(first, encoding.rows),
                        position_weight_gradient);
  }
}

template <class Scalar>
void mix_forward(MatrixView<const Scalar> input, const AttentionWeights<const Scalar>& weights,
                 AttentionActivations<Scalar>& a, int n, int h) {
  if (a.config.normalise_query_key) {
    unit_length_forward(a.head(a.queries, n, h), a.head_scalar(a.query_lengths, n, h));
    unit_length_forward(a.head(a.keys, n, h), a.head_scalar(a.key_lengths, n, h));
  }
  const MatrixView<const Scalar> queries = a.head(a.queries, n, h);
  const MatrixView<const Scalar> keys = projected_or_input(input, weights.key, a, a.keys, n, h);
  const MatrixView<const Scalar> values = projected_or_input(input, weights.value, a, a.values, n, h);
  const MatrixView<Scalar> mixed = a.head(a.mixed, n, h);
  switch (a.config.kind) {
    case AttentionKind::linear:
      return linear_attention_forward(queries, keys, values, a.score_matrix(n, h), mixed);
    case AttentionKind::softmax:
      return softmax_attention_forward(queries, keys, values, a.score_matrix(n, h), mixed);
    case AttentionKind::mesa:
      return mesa_attention_forward(queries, keys, values, mesa_scalars(weights, h), a.mesa_activations(n, h),
                                    mixed);
  }
}

template <class Scalar>
void mix_backward(MatrixView<const Scalar> input, const AttentionWeights<const Scalar>& weights,
                  AttentionActivations<Scalar>& a, const AttentionWeights<Scalar>& weight_gradient,
                  AttentionActivations<Scalar>& g, int n, int h, bool needs_input_gradient) {
  const MatrixView<const Scalar> queries = a.head(a.queries, n, h);
  const MatrixView<const Scalar> keys = projected_or_input(input, weights.key, a, a.keys, n, h);
  const MatrixView<const Scalar> values = projected_or_input(input, weights.value, a, a.values, n, h);
  const MatrixView<const Scalar> mixed_gradient = g.head(g.mixed, n, h);
  const MatrixView<Scalar> query_gradient = g.head(g.queries, n, h);
  MatrixView<Scalar> key_gradient = g.head(g.keys, n, h);
  MatrixView<Scalar> value_gradient = g.head(g.values, n, h);
  switch (a.config.kind) {
    case AttentionKind::linear:
      // Keys and values that are the input itself have nobody else who would ask.
      if (!weights.key.data && !needs_input_gradient) key_gradient = value_gradient = {};
      linear_attention_backward(queries, keys, values, read_only(a.score_matrix(n, h)), mixed_gradient,
                                g.score_matrix(n, h), query_gradient, key_gradient, value_gradient);
      break;
    case AttentionKind::softmax:
      softmax_attention_backward(queries, keys, values, read_only(a.score_matrix(n, h)), mixed_gradient,
                                 g.score_matrix(n, h), query_gradient, key_gradient, value_gradient);
      break;
    case AttentionKind::mesa: {
      const MesaScalars<Scalar> scalars = mesa_scalars(weights, h);
      const MesaScalars<Scalar> gradient =
          mesa_attention_backward(queries, keys, scalars, a.mesa_activations(n, h), mixed_gradient,
                                  g.score_matrix(n, h), query_gradient, key_gradient, value_gradient);
      weight_gradient.log_inverse_ridge(0, h) += gradient.inverse_ridge * scalars.inverse_ridge;
      if (weight_gradient.forget_logit.data) {
        const Scalar gamma = scalars.forget_factor;
        weight_gradient.forget_logit(0, h) += gradient.forget_factor * gamma * (1 - gamma);
      }
      break;
    }
  }
  if (a.config.normalise_query_key) {
    unit_length_backward(queries, read_only(a.head_scalar(a.query_lengths, n, h)), query_gradient);
    unit_length_backward(keys, read_only(a.head_scalar(a.key_lengths, n, h)), key_gradient);
  }
}

}  // namespace

template <class Scalar>
AttentionActivations<Scalar>::AttentionActivations(const AttentionConfig& config, int sequences,
                                                   int positions)
    : config(config), sequences(sequences), positions(positions) {
  const std::size_t rows = std::size_t(sequences) * positions;
  for (auto* tensor : {&queries, &keys, &values, &mixed})
    tensor->resize(rows * config.heads * config.key_size);
  if (config.normalise_query_key) {
    for (auto* tensor : {&query_lengths, &key_lengths}) tensor->resize(rows * config.heads);
  }
  scores.resize(std::size_t(sequences) * config.heads * positions * positions);
  if (config.kind == AttentionKind::mesa) {
    for (auto* tensor : {&gains, &errors}) tensor->resize(queries.size());
    denominators.resize(rows * config.heads);
  }
}

template <class Scalar>
MatrixView<Scalar> AttentionActivations<Scalar>::head(std::vector<Scalar>& tensor, int sequence, int head) {
  return whole(tensor)
      .row_range(sequence * positions, positions)
      .column_range(head * config.key_size, config.key_size);
}

template <class Scalar>
MatrixView<Scalar> AttentionActivations<Scalar>::head_scalar(std::vector<Scalar>& tensor, int sequence,
                                                             int head) {
  return MatrixView<Scalar>(tensor.data(), sequences * positions, config.heads)
      .row_range(sequence * positions, positions)
      .column_range(head, 1);
}

template <class Scalar>
MatrixView<Scalar> AttentionActivations<Scalar>::score_matrix(int sequence, int head) {
  const std::size_t size = std::size_t(positions) * positions;
  return {scores.data() + (std::size_t(sequence) * config.heads + head) * size, positions, positions};
}

template <class Scalar>
MesaActivations<Scalar> AttentionActivations<Scalar>::mesa_activations(int sequence, int head) {
  return {this->head(gains, sequence, head), head_scalar(denominators, sequence, head),
          this->head(errors, sequence, head), score_matrix(sequence, head)};
}

template <class Scalar>
void attention_forward(MatrixView<const Scalar> input, MatrixView<const Scalar> encoding,
                       const AttentionWeights<const Scalar>& weights,
                       AttentionActivations<Scalar>& activations, MatrixView<Scalar> residual) {
  AttentionActivations<Scalar>& a = activations;
  project(input, weights.query, encoding, weights.query_position, a.whole(a.queries));
  project(input, weights.key, encoding, weights.key_position, a.whole(a.keys));
  project(input, weights.value, {}, {}, a.whole(a.values));
  for (int n = 0; n < a.sequences; ++n) {
    for (int h = 0; h < a.config.heads; ++h) mix_forward(input, weights, a, n, h);
  }
  multiply_accumulate(read_only(a.whole(a.mixed)), weights.output.column_range(0, residual.columns),
                      residual);
}

template <class Scalar>
void attention_backward(MatrixView<const Scalar> input, MatrixView<const Scalar> encoding,
                        const AttentionWeights<const Scalar>& weights,
                        AttentionActivations<Scalar>& activations, MatrixView<const Scalar> output_gradient,
                        MatrixView<Scalar> input_gradient, const AttentionWeights<Scalar>& weight_gradient,
                        AttentionActivations<Scalar>& gradients) {
  AttentionActivations<Scalar>& a = activations;
  AttentionActivations<Scalar>& g = gradients;
  const int columns = output_gradient.columns;
  multiply(output_gradient, weights.output.column_range(0, columns).transposed(), g.whole(g.mixed));
  multiply_accumulate(read_only(a.whole(a.mixed).transposed()), output_gradient,
                      weight_gradient.output.column_range(0, columns));
  for (int n = 0; n < a.sequences; ++n) {
    for (int h = 0; h < a.config.heads; ++h)
      mix_backward(input, weights, a, weight_gradient, g, n, h, input_gradient.data != nullptr);
  }
  // Only now, with the gradient of the output used up, may its place become that of the input.
  project_back(input, weights.query, encoding, read_only(g.whole(g.queries)), input_gradient,
               weight_gradient.query, weight_gradient.query_position);
  project_back(input, weights.key, encoding, read_only(g.whole(g.keys)), input_gradient, weight_gradient.key,
               weight_gradient.key_position);
  project_back(input, weights.value, {}, read_only(g.whole(g.values)), input_gradient, weight_gradient.value,
               {});
}

#define MESA_INSTANTIATE(Scalar)                                                                         \
  template struct AttentionActivations<Scalar>;                                                          \
  template void attention_forward(MatrixView<const Scalar>, MatrixView<const Scalar>,                    \
                                  const AttentionWeights<const Scalar>&, AttentionActivations<Scalar>&,  \
                                  MatrixView<Scalar>);                                                   \
  template void attention_backward(MatrixView<const Scalar>, MatrixView<const Scalar>,                   \
                                   const AttentionWeights<const Scalar>&, AttentionActivations<Scalar>&, \
                                   MatrixView<const Scalar>, MatrixView<Scalar>,                         \
                                   const AttentionWeights<Scalar>&, AttentionActivations<Scalar>&);
MESA_INSTANTIATE(float)
MESA_INSTANTIATE(double)
#undef MESA_INSTANTIATE

}  // namespace mesa
