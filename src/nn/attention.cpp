#include "nn/attention.h"

#include <algorithm>
#include <cmath>

#include "core/matrix_product.h"
#include "core/simd.h"
#include "core/vector_arithmetic.h"
#include "nn/causal_product.h"
#include "nn/chunks.h"
#include "nn/linear_attention.h"
#include "nn/scratch.h"
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

/// The channels of the input, or of its gradient, that are read: the last ones.
template <class Scalar>
MatrixView<Scalar> last_channels(const MatrixView<Scalar>& input, int count) {
  return input.column_range(input.columns - count, count);
}

/// projection [N T, H K or H V] = input * weight, plus what the weight's positional rows make of the
/// encoding. Without a weight there is no projection; see projected_or_input().
template <class Scalar>
void project(const MatrixView<const Scalar>& input, const MatrixView<const Scalar>& weight,
             const MatrixView<const Scalar>& encoding, const MatrixView<const Scalar>& position_weight,
             const MatrixView<Scalar>& projection) {
  if (!weight.data) return;
  multiply(last_channels(input, weight.rows), weight, projection);
  if (!position_weight.data) return;
  for (int first = 0; first < projection.rows; first += encoding.rows) {
    multiply_accumulate(encoding, position_weight, projection.row_range(first, encoding.rows));
  }
}

/// Keys [T, K] or values [T, V] of one sequence and head.
template <class Scalar>
MatrixView<const Scalar> projected_or_input(const MatrixView<const Scalar>& input,
                                            const MatrixView<const Scalar>& weight,
                                            AttentionActivations<Scalar>& a, std::vector<Scalar>& projection,
                                            int n, int h) {
  if (weight.data) return a.head(projection, n, h);
  return last_channels(input.row_range(n * a.positions, a.positions), a.head_size(projection));
}

/// Adds to the sum [N T, n] what the heads have side by side [N T, H n].
template <class Scalar>
void add_heads(const MatrixView<const Scalar>& heads, const MatrixView<Scalar>& sum) {
  for (int i = 0; i < heads.rows; ++i) {
    Scalar* row = &sum(i, 0);
    for (int first = 0; first < heads.columns; first += sum.columns)
      combine(Scalar(1), &heads(i, first), Scalar(1), row, row, sum.columns);
  }
}

/// The other way.
template <class Scalar>
void project_back(const MatrixView<const Scalar>& input, const MatrixView<const Scalar>& weight,
                  const MatrixView<const Scalar>& encoding,
                  const MatrixView<const Scalar>& projection_gradient, int head_size,
                  const MatrixView<Scalar>& input_gradient, const MatrixView<Scalar>& weight_gradient,
                  const MatrixView<Scalar>& position_weight_gradient) {
  if (!weight.data) {
    if (input_gradient.data) add_heads(projection_gradient, last_channels(input_gradient, head_size));
    return;
  }
  multiply_accumulate(last_channels(input, weight.rows).transposed(), projection_gradient, weight_gradient);
  if (input_gradient.data) {
    multiply_accumulate(projection_gradient, weight.transposed(), last_channels(input_gradient, weight.rows));
  }
  if (!position_weight_gradient.data) return;
  for (int first = 0; first < projection_gradient.rows; first += encoding.rows) {
    multiply_accumulate(encoding.transposed(), projection_gradient.row_range(first, encoding.rows),
                        position_weight_gradient);
  }
}

/// Positions whose scores are kept for the way back: of softmax heads those of the first chunk, as later ones
/// look at ever more; they are made anew there.
int positions_of_scores(const AttentionConfig& config, int positions) {
  return config.kind == AttentionKind::softmax ? chunk_positions(config.kind, positions) : positions;
}

/// Where the scores of a chunk stand.
template <class Scalar>
MatrixView<Scalar> room_for_scores(AttentionActivations<Scalar>& a, int n, int h, const Chunk& chunk) {
  const int kept = positions_of_scores(a.config, a.positions);
  if (chunk.first < kept) {
    const int columns = std::min(kept, longest_chunk(a.config.kind, a.positions));
    const std::size_t head = std::size_t(n) * a.config.heads + h;
    return MatrixView<Scalar>(a.scores.data() + (head * kept + chunk.first) * columns, chunk.count, columns)
        .column_range(0, chunk.count);
  }
  thread_local std::vector<Scalar> scratch;
  return scratch_matrix(scratch, chunk.count, chunk.first + chunk.count);
}

/// The scores of a chunk, worked out from its queries and what they look at.
template <class Scalar>
void compute_scores(AttentionActivations<Scalar>& a, int n, int h, const Chunk& chunk,
                    const MatrixView<const Scalar>& keys, const MatrixView<Scalar>& scores) {
  const MatrixView<const Scalar> queries = chunk.of(a.head(a.queries, n, h));
  switch (a.config.kind) {
    case AttentionKind::linear: return causal_scores(queries, chunk.of(keys), scores);
    case AttentionKind::softmax: return softmax_scores(queries, chunk.seen(keys), scores);
    case AttentionKind::mesa:
      return causal_scores(queries, read_only(chunk.of(a.mesa(n, h, 0, {}).gains())), scores);
  }
}

/// Mesa heads remember gains each to a scale of its own; scores [T, T] with those become scores with g_t.
template <class Scalar>
void scale_to_gains(AttentionActivations<Scalar>& a, int n, int h, const MatrixView<Scalar>& scores) {
  const MatrixView<Scalar> inverse_factors = a.mesa(n, h, 0, {}).inverse_factors;
  for (int c = 0; c < chunk_count(a.config.kind, a.positions); ++c) {
    const Chunk chunk(a.config.kind, a.positions, c);
    for (int i = 0; i < chunk.count; ++i) {
      for (int t = 0; t < scores.rows; ++t) scores(t, chunk.first + i) *= inverse_factors(chunk.first + i, i);
    }
  }
}

template <class Scalar>
void mix_forward(const MatrixView<const Scalar>& input, const AttentionWeights<const Scalar>& weights,
                 AttentionActivations<Scalar>& a, int n, int h, const Chunk& chunk) {
  if (a.config.normalise_query_key) {
    unit_length_forward(chunk.of(a.head(a.queries, n, h)), chunk.of(a.head_scalar(a.query_lengths, n, h)));
    unit_length_forward(chunk.of(a.head(a.keys, n, h)), chunk.of(a.head_scalar(a.key_lengths, n, h)));
  }
  const MatrixView<const Scalar> queries = a.head(a.queries, n, h);
  const MatrixView<const Scalar> keys = projected_or_input(input, weights.key, a, a.keys, n, h);
  const MatrixView<const Scalar> values = projected_or_input(input, weights.value, a, a.values, n, h);
  const MatrixView<Scalar> scores = room_for_scores(a, n, h, chunk);
  const MatrixView<Scalar> mixed = a.head(a.mixed, n, h);
  switch (a.config.kind) {
    case AttentionKind::linear:
      return linear_attention_forward(chunk.of(queries), chunk.of(keys), chunk.of(values),
                                      read_only(a.state_before(n, h, chunk.index)), scores, chunk.of(mixed),
                                      a.state_before(n, h, chunk.index + 1));
    case AttentionKind::softmax:
      return softmax_attention_forward(chunk.of(queries), chunk.seen(keys), chunk.seen(values), scores,
                                       chunk.of(mixed));
    case AttentionKind::mesa:
      return mesa_attention_forward(chunk, queries, keys, values, mesa_scalars(weights, h),
                                    a.mesa(n, h, chunk.index, scores), mixed);
  }
}

/// The gradient of a head's state, which it hands back from each chunk to the one before it.
template <class Scalar>
class StateGradient {
 public:
  explicit StateGradient(const AttentionActivations<Scalar>& a)
      : rows_(a.config.key_size), columns_(a.state_columns()) {
    const bool has_one = a.config.kind == AttentionKind::mesa || chunk_count(a.config.kind, a.positions) > 1;
    if (has_one) numbers_.resize(std::size_t(rows_) * columns_);
  }

  void clear() { store_zeros(numbers_.data(), int(numbers_.size())); }

  /// As many numbers as the state has; empty where a sequence is one chunk and has no state.
  MatrixView<Scalar> view() {
    if (numbers_.empty()) return {};
    return {numbers_.data(), rows_, columns_};
  }

 private:
  int rows_;
  int columns_;
  std::vector<Scalar> numbers_;
};

/// From the gradient of what the head mixed of the chunk. The others of the chunk's rows stand from
/// gradient_row on.
template <class Scalar>
void mix_backward(const MatrixView<const Scalar>& input, const AttentionWeights<const Scalar>& weights,
                  AttentionActivations<Scalar>& a, const MatrixView<const Scalar>& mixed_gradient,
                  const AttentionWeights<Scalar>& weight_gradient, AttentionActivations<Scalar>& g, int n,
                  int h, const Chunk& chunk, const MatrixView<Scalar>& state_gradient, int gradient_row,
                  bool needs_input_gradient) {
  const MatrixView<const Scalar> queries = a.head(a.queries, n, h);
  const MatrixView<const Scalar> keys = projected_or_input(input, weights.key, a, a.keys, n, h);
  const MatrixView<const Scalar> values = projected_or_input(input, weights.value, a, a.values, n, h);
  const auto gradient_of = [&](std::vector<Scalar>& tensor) {
    const int size = g.head_size(tensor);
    return g.whole(tensor).row_range(gradient_row, chunk.count).column_range(h * size, size);
  };
  // Keys and values that are the input itself have nobody else who would ask.
  const bool needs_keys = weights.key.data || needs_input_gradient;
  const bool needs_values = weights.value.data || needs_input_gradient;
  const MatrixView<Scalar> query_gradient = gradient_of(g.queries);
  MatrixView<Scalar> key_gradient = gradient_of(g.keys);
  MatrixView<Scalar> value_gradient = gradient_of(g.values);
  const MatrixView<Scalar> scores = room_for_scores(a, n, h, chunk);
  if (chunk.first >= positions_of_scores(a.config, a.positions)) compute_scores(a, n, h, chunk, keys, scores);
  switch (a.config.kind) {
    case AttentionKind::linear:
      if (!needs_keys) key_gradient = {};
      if (!needs_values) value_gradient = {};
      linear_attention_backward(chunk.of(queries), chunk.of(keys), chunk.of(values),
                                read_only(a.state_before(n, h, chunk.index)), read_only(scores),
                                mixed_gradient, state_gradient, query_gradient, key_gradient, value_gradient);
      break;
    case AttentionKind::softmax:
      softmax_attention_backward(
          chunk.of(queries), chunk.seen(keys), chunk.seen(values), read_only(scores), mixed_gradient,
          query_gradient, needs_keys ? chunk.seen(g.head(g.keys, n, h)) : MatrixView<Scalar>(),
          needs_values ? chunk.seen(g.head(g.values, n, h)) : MatrixView<Scalar>(), !chunk.is_last);
      break;
    case AttentionKind::mesa: {
      const MesaScalars<Scalar> scalars = mesa_scalars(weights, h);
      const MesaScalars<Scalar> gradient = mesa_attention_backward(
          chunk, queries, keys, scalars, a.mesa(n, h, chunk.index, scores), mixed_gradient, state_gradient,
          query_gradient, key_gradient, value_gradient);
      weight_gradient.log_inverse_ridge(0, h) += gradient.inverse_ridge * scalars.inverse_ridge;
      if (weight_gradient.forget_logit.data) {
        const Scalar gamma = scalars.forget_factor;
        weight_gradient.forget_logit(0, h) += gradient.forget_factor * gamma * (1 - gamma);
      }
      break;
    }
  }
  if (a.config.normalise_query_key) {
    unit_length_backward(chunk.of(queries), read_only(chunk.of(a.head_scalar(a.query_lengths, n, h))),
                         query_gradient);
    unit_length_backward(chunk.of(keys), read_only(chunk.of(a.head_scalar(a.key_lengths, n, h))),
                         key_gradient);
  }
}

/// Rows of a tile that go through all of a layer together: the whole tile where sequences have few chunks,
/// else some chunks of one sequence, so few that what they leave for each other stays in the cache.
struct Span {
  template <class Scalar>
  Span(const AttentionActivations<Scalar>& a, int index) {
    const int chunks = chunk_count(a.config.kind, a.positions);
    const int in_sequence = count_in_sequence(a);
    if (in_sequence == 1) {
      sequences = a.sequences;
      rows = a.sequences * a.positions;
      chunks_end = chunks;
      return;
    }
    first_sequence = index / in_sequence;
    first_chunk = index % in_sequence * chunks_in_span(a.config.kind);
    chunks_end = std::min(first_chunk + chunks_in_span(a.config.kind), chunks);
    first_position = Chunk(a.config.kind, a.positions, first_chunk).first;
    const Chunk last(a.config.kind, a.positions, chunks_end - 1);
    first_row = first_sequence * a.positions + first_position;
    rows = last.first + last.count - first_position;
  }

  template <class Scalar>
  static int count_in_sequence(const AttentionActivations<Scalar>& a) {
    const int most = chunks_in_span(a.config.kind);
    return (chunk_count(a.config.kind, a.positions) + most - 1) / most;
  }
  template <class Scalar>
  static int count(const AttentionActivations<Scalar>& a) {
    return count_in_sequence(a) == 1 ? 1 : a.sequences * count_in_sequence(a);
  }

  /// Where the gradients of its rows stand: in the same place for all spans, which so stays in the cache,
  /// unless other spans add to them, as those of softmax heads do.
  template <class Scalar>
  MatrixView<Scalar> gradient_of(AttentionKind kind, const MatrixView<Scalar>& tensor) const {
    return tensor.row_range(gradient_row(kind), rows);
  }
  [[nodiscard]] int gradient_row(AttentionKind kind) const {
    return kind == AttentionKind::softmax ? first_row : 0;
  }

  /// Its rows of a tensor [N T, n].
  template <class Scalar>
  MatrixView<Scalar> of(const MatrixView<Scalar>& tensor) const {
    return tensor.row_range(first_row, rows);
  }

  /// The rows of the encoding [T, P], if any, of its positions.
  template <class Scalar>
  MatrixView<Scalar> encoding(const MatrixView<Scalar>& encoding) const {
    if (!encoding.data) return encoding;
    return encoding.row_range(first_position, rows / sequences);
  }

  int first_sequence = 0;
  int sequences = 1;
  int first_chunk = 0;
  int chunks_end = 0;
  int first_position = 0;
  int first_row = 0;
  int rows = 0;
};

}  // namespace

template <class Scalar>
AttentionActivations<Scalar>::AttentionActivations(const AttentionConfig& config, int sequences,
                                                   int positions)
    : config(config), sequences(sequences), positions(positions) {
  const std::size_t rows = std::size_t(sequences) * positions;
  for (auto* tensor : {&queries, &keys, &values, &mixed})
    tensor->resize(rows * config.heads * head_size(*tensor));
  if (config.normalise_query_key) {
    for (auto* tensor : {&query_lengths, &key_lengths}) tensor->resize(rows * config.heads);
  }
  const std::size_t all_heads = std::size_t(sequences) * config.heads;
  const int kept = positions_of_scores(config, positions);
  scores.resize(all_heads * kept * std::min(kept, longest_chunk(config.kind, positions)));
  const std::size_t state_rows = all_heads * (chunk_count(config.kind, positions) - 1) * config.key_size;
  if (config.kind != AttentionKind::softmax) states.resize(state_rows * state_columns());
  if (config.kind == AttentionKind::mesa) {
    gains_errors.resize(rows * config.heads * mesa_columns(config.key_size, config.value_size));
    inverse_factors.resize(rows * config.heads * longest_chunk(config.kind, positions));
  }
}

double attention_numbers(const AttentionConfig& config, int sequences, int positions) {
  const double chunk = longest_chunk(config.kind, positions);
  const int kept = positions_of_scores(config, positions);
  const double state_rows = double(chunk_count(config.kind, positions) - 1) * config.key_size;
  double of_head =
      2.0 * positions * (config.key_size + config.value_size) + kept * std::min<double>(kept, chunk);
  if (config.normalise_query_key) of_head += 2.0 * positions;
  if (config.kind == AttentionKind::linear) of_head += state_rows * config.value_size;
  if (config.kind == AttentionKind::mesa) {
    const int columns = mesa_columns(config.key_size, config.value_size);
    of_head += state_rows * columns + positions * (columns + chunk);
  }
  return of_head * config.heads * sequences;
}

template <class Scalar>
MatrixView<Scalar> AttentionActivations<Scalar>::head(std::vector<Scalar>& tensor, int sequence, int head) {
  const int size = head_size(tensor);
  return whole(tensor).row_range(sequence * positions, positions).column_range(head * size, size);
}

template <class Scalar>
MatrixView<Scalar> AttentionActivations<Scalar>::head_scalar(std::vector<Scalar>& tensor, int sequence,
                                                             int head) {
  return MatrixView<Scalar>(tensor.data(), sequences * positions, config.heads)
      .row_range(sequence * positions, positions)
      .column_range(head, 1);
}

template <class Scalar>
MesaActivations<Scalar> AttentionActivations<Scalar>::mesa(int sequence, int head, int chunk,
                                                           const MatrixView<Scalar>& scores) {
  const auto of_head = [&](std::vector<Scalar>& tensor, int columns) {
    const std::size_t index = std::size_t(sequence) * config.heads + head;
    return MatrixView<Scalar>(tensor.data() + index * positions * columns, positions, columns);
  };
  return {of_head(gains_errors, mesa_columns(config.key_size, config.value_size)),
          of_head(inverse_factors, longest_chunk(config.kind, positions)),
          scores,
          state_before(sequence, head, chunk),
          state_before(sequence, head, chunk + 1),
          config.key_size,
          config.value_size};
}

template <class Scalar>
MatrixView<Scalar> AttentionActivations<Scalar>::state_before(int sequence, int head, int chunk) {
  const int chunks = chunk_count(config.kind, positions);
  if (chunk == 0 || chunk == chunks) return {};
  const std::size_t index = (std::size_t(sequence) * config.heads + head) * (chunks - 1) + chunk - 1;
  return {states.data() + index * config.key_size * state_columns(), config.key_size, state_columns()};
}

template <class Scalar>
void attention_scores(const MatrixView<const Scalar>& input, const AttentionWeights<const Scalar>& weights,
                      AttentionActivations<Scalar>& activations, int sequence, int head,
                      const MatrixView<Scalar>& scores) {
  AttentionActivations<Scalar>& a = activations;
  const MatrixView<const Scalar> keys = projected_or_input(input, weights.key, a, a.keys, sequence, head);
  compute_scores(a, sequence, head, Chunk(a.positions), keys, scores);
  if (a.config.kind == AttentionKind::mesa) scale_to_gains(a, sequence, head, scores);
  for (int t = 0; t < scores.rows; ++t) store_zeros(&scores(t, 0) + t + 1, scores.columns - t - 1);
}

template <class Scalar>
void attention_forward(const MatrixView<const Scalar>& input, const MatrixView<const Scalar>& encoding,
                       const AttentionWeights<const Scalar>& weights,
                       AttentionActivations<Scalar>& activations, const MatrixView<Scalar>& residual) {
  AttentionActivations<Scalar>& a = activations;
  for (int i = 0; i < Span::count(a); ++i) {
    const Span span(a, i);
    const MatrixView<const Scalar> rows = span.of(input);
    project(rows, weights.query, span.encoding(encoding), weights.query_position,
            span.of(a.whole(a.queries)));
    project(rows, weights.key, span.encoding(encoding), weights.key_position, span.of(a.whole(a.keys)));
    project(rows, weights.value, {}, {}, span.of(a.whole(a.values)));
    for (int n = span.first_sequence; n < span.first_sequence + span.sequences; ++n) {
      for (int h = 0; h < a.config.heads; ++h) {
        for (int c = span.first_chunk; c < span.chunks_end; ++c) {
          mix_forward(input, weights, a, n, h, Chunk(a.config.kind, a.positions, c));
        }
      }
    }
    const MatrixView<const Scalar> mixed = span.of(a.whole(a.mixed));
    if (weights.output.data) {
      multiply_accumulate(mixed, weights.output.column_range(0, residual.columns), span.of(residual));
    } else {
      add_heads(mixed, span.of(residual));
    }
  }
}

template <class Scalar>
void attention_backward(const MatrixView<const Scalar>& input, const MatrixView<const Scalar>& encoding,
                        const AttentionWeights<const Scalar>& weights,
                        AttentionActivations<Scalar>& activations,
                        const MatrixView<const Scalar>& output_gradient,
                        const MatrixView<Scalar>& input_gradient,
                        const AttentionWeights<Scalar>& weight_gradient,
                        AttentionActivations<Scalar>& gradients) {
  AttentionActivations<Scalar>& a = activations;
  AttentionActivations<Scalar>& g = gradients;
  const int columns = output_gradient.columns;
  std::vector<StateGradient<Scalar>> state_gradients(std::size_t(a.config.heads), StateGradient<Scalar>(a));
  for (int i = Span::count(a) - 1; i >= 0; --i) {
    const Span span(a, i);
    const MatrixView<const Scalar> span_gradient = span.of(output_gradient);
    const MatrixView<Scalar> mixed_gradient = span.gradient_of(a.config.kind, g.whole(g.mixed));
    if (weights.output.data) {
      multiply(span_gradient, weights.output.column_range(0, columns).transposed(), mixed_gradient);
      multiply_accumulate(read_only(span.of(a.whole(a.mixed)).transposed()), span_gradient,
                          weight_gradient.output.column_range(0, columns));
    }
    for (int n = span.first_sequence; n < span.first_sequence + span.sequences; ++n) {
      for (int h = 0; h < a.config.heads; ++h) {
        StateGradient<Scalar>& state_gradient = state_gradients[std::size_t(h)];
        if (span.chunks_end == chunk_count(a.config.kind, a.positions)) state_gradient.clear();
        for (int c = span.chunks_end - 1; c >= span.first_chunk; --c) {
          const Chunk chunk(a.config.kind, a.positions, c);
          const int row =
              (n - span.first_sequence) * a.positions + chunk.first - span.first_position;  // of the span
          const int size = a.config.value_size;
          const MatrixView<const Scalar> chunk_gradient =
              weights.output.data ? mixed_gradient.row_range(row, chunk.count).column_range(h * size, size)
                                  : span_gradient.row_range(row, chunk.count);
          mix_backward(input, weights, a, chunk_gradient, weight_gradient, g, n, h, chunk,
                       state_gradient.view(), span.gradient_row(a.config.kind) + row,
                       input_gradient.data != nullptr);
        }
      }
    }
    // Only now, with the gradient of the output used up, may its place become that of the input.
    const MatrixView<const Scalar> rows = span.of(input);
    const MatrixView<Scalar> rows_gradient = input_gradient.data ? span.of(input_gradient) : input_gradient;
    project_back(rows, weights.query, span.encoding(encoding),
                 read_only(span.gradient_of(a.config.kind, g.whole(g.queries))), a.config.key_size,
                 rows_gradient, weight_gradient.query, weight_gradient.query_position);
    project_back(rows, weights.key, span.encoding(encoding),
                 read_only(span.gradient_of(a.config.kind, g.whole(g.keys))), a.config.key_size,
                 rows_gradient, weight_gradient.key, weight_gradient.key_position);
    project_back(rows, weights.value, {}, read_only(span.gradient_of(a.config.kind, g.whole(g.values))),
                 a.config.value_size, rows_gradient, weight_gradient.value, {});
  }
}

#define MESA_INSTANTIATE(Scalar)                                                                         \
  template struct AttentionActivations<Scalar>;                                                          \
  template void attention_scores(const MatrixView<const Scalar>&, const AttentionWeights<const Scalar>&, \
                                 AttentionActivations<Scalar>&, int, int, const MatrixView<Scalar>&);    \
  template void attention_forward(const MatrixView<const Scalar>&, const MatrixView<const Scalar>&,      \
                                  const AttentionWeights<const Scalar>&, AttentionActivations<Scalar>&,  \
                                  const MatrixView<Scalar>&);                                            \
  template void attention_backward(const MatrixView<const Scalar>&, const MatrixView<const Scalar>&,     \
                                   const AttentionWeights<const Scalar>&, AttentionActivations<Scalar>&, \
                                   const MatrixView<const Scalar>&, const MatrixView<Scalar>&,           \
                                   const AttentionWeights<Scalar>&, AttentionActivations<Scalar>&);
MESA_INSTANTIATE(float)
MESA_INSTANTIATE(double)
#undef MESA_INSTANTIATE

}  // namespace mesa
