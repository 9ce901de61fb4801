#include "nn/attention.h"

#include <algorithm>
#include <utility>

#include "core/matrix_product.h"
#include "core/simd.h"
#include "core/vector_arithmetic.h"
#include "nn/unit_length.h"

namespace mesa {
namespace {

/// The channels of the input, or of its gradient, that are read.
template <class Scalar>
MatrixView<Scalar> last_channels(const MatrixView<Scalar>& input, int count) {
  return input.column_range(input.columns - count, count);
}

/// The columns [., n] that one head has of [., H n].
template <class Scalar>
MatrixView<Scalar> of_head(const MatrixView<Scalar>& heads, int head, int size) {
  return heads.column_range(head * size, size);
}

/// The column that one head has of [1, H]; empty if that is.
template <class Scalar>
MatrixView<Scalar> scalar_of_head(const MatrixView<Scalar>& scalars, int head) {
  return scalars.data ? scalars.column_range(head, 1) : scalars;
}

/// projection [., H K or H V] = input * weight, plus what the weight's positional rows make of the encoding.
template <class Scalar>
void project(const MatrixView<const Scalar>& input, const MatrixView<const Scalar>& weight,
             const MatrixView<const Scalar>& encoding, const MatrixView<const Scalar>& position_weight,
             const MatrixView<Scalar>& projection) {
  multiply(last_channels(input, weight.rows), weight, projection);
  if (!position_weight.data) return;
  for (int first = 0; first < projection.rows; first += encoding.rows) {
    multiply_accumulate(encoding, position_weight, projection.row_range(first, encoding.rows));
  }
}

/// Adds to the sum [., n] what the heads have side by side [., H n].
template <class Scalar>
void add_heads(const MatrixView<const Scalar>& heads, const MatrixView<Scalar>& sum) {
  for (int i = 0; i < heads.rows; ++i) {
    Scalar* row = &sum(i, 0);
    for (int first = 0; first < heads.columns; first += sum.columns)
      combine(Scalar(1), &heads(i, first), Scalar(1), row, row, sum.columns);
  }
}

/// The backward pass of project(); without a weight that of reading the last head_size channels as they are.
template <class Scalar>
void project_backward(const MatrixView<const Scalar>& input, const MatrixView<const Scalar>& weight,
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

/// Rows of a tile that go through all of a layer together: the whole tile where sequences have few chunks,
/// else some chunks of one sequence, so few that what they leave for each other stays in the cache.
struct Span {
  int first_sequence;
  int sequences;
  int first_chunk;
  int end_chunk;
  int first_position;
  int first_row;  ///< of the tile
  int rows;
  bool ends_sequence;  ///< whether its last chunk is that of its sequence

  /// Its rows of a tensor [N T, n].
  template <class Scalar>
  [[nodiscard]] MatrixView<Scalar> of(const MatrixView<Scalar>& tensor) const {
    return tensor.data ? tensor.row_range(first_row, rows) : tensor;
  }
  /// The rows of the encoding [T, P], if any, of its positions.
  template <class Scalar>
  [[nodiscard]] MatrixView<Scalar> encoding(const MatrixView<Scalar>& encoding) const {
    return encoding.data ? encoding.row_range(first_position, rows / sequences) : encoding;
  }
  /// Where a position of a sequence stands among its rows.
  [[nodiscard]] int row(int sequence, int position, int positions) const {
    return (sequence - first_sequence) * positions + position - first_position;
  }
};

int spans_in_sequence(const Chunks& chunks) {
  return (chunks.count() + chunks.in_span() - 1) / chunks.in_span();
}

int span_count(const Chunks& chunks, int sequences) {
  return spans_in_sequence(chunks) == 1 ? 1 : sequences * spans_in_sequence(chunks);
}

Span make_span(const Chunks& chunks, int sequences, int index) {
  const int in_sequence = spans_in_sequence(chunks);
  if (in_sequence == 1) return {0, sequences, 0, chunks.count(), 0, 0, sequences * chunks.positions(), true};
  const int sequence = index / in_sequence;
  const int first_chunk = index % in_sequence * chunks.in_span();
  const int end_chunk = std::min(first_chunk + chunks.in_span(), chunks.count());
  const int first = chunks[first_chunk].first;
  const Chunk last = chunks[end_chunk - 1];
  return {sequence,
          1,
          first_chunk,
          end_chunk,
          first,
          sequence * chunks.positions() + first,
          last.first + last.count - first,
          last.is_last};
}

/// The largest number of rows in a span.
int most_rows(const Chunks& chunks, int sequences) {
  int most = 0;
  for (int i = 0; i < span_count(chunks, sequences); ++i)
    most = std::max(most, make_span(chunks, sequences, i).rows);
  return most;
}

/// The chunk's queries and keys become unit vectors.
template <class Scalar>
void normalise(const AttentionActivations<Scalar>& a, int sequence, int head, const Chunk& chunk) {
  const int row = sequence * a.positions + chunk.first;
  for (const auto& [vectors, lengths] : {std::pair(a.queries, a.query_lengths), {a.keys, a.key_lengths}}) {
    unit_length_forward(of_head(vectors.row_range(row, chunk.count), head, a.config.key_size),
                        lengths.row_range(row, chunk.count).column_range(head, 1));
  }
}

template <class Scalar>
void normalise_backward(const AttentionActivations<Scalar>& a, int sequence, int head, const Chunk& chunk,
                        const MatrixView<Scalar>& query_gradient, const MatrixView<Scalar>& key_gradient) {
  const int row = sequence * a.positions + chunk.first;
  const auto unit_vectors = [&](const MatrixView<Scalar>& vectors) {
    return read_only(of_head(vectors.row_range(row, chunk.count), head, a.config.key_size));
  };
  const auto lengths = [&](const MatrixView<Scalar>& all) {
    return read_only(all.row_range(row, chunk.count).column_range(head, 1));
  };
  unit_length_backward(unit_vectors(a.queries), lengths(a.query_lengths), query_gradient);
  unit_length_backward(unit_vectors(a.keys), lengths(a.key_lengths), key_gradient);
}

/// What the backward pass of a layer works on.
template <class Scalar>
struct BackwardPass {
  const MatrixView<const Scalar>& input;
  const AttentionWeights<const Scalar>& weights;
  const AttentionActivations<Scalar>& a;
  const AttentionWeights<Scalar>& weight_gradient;
  const AttentionGradients<Scalar>& g;
  bool needs_input_gradient;

  /// A span's rows of one of the gradients in g. They stand in the same place for all spans, which so stays
  /// in the cache, unless other spans add to them.
  [[nodiscard]] MatrixView<Scalar> of_span(const MatrixView<Scalar>& tensor, const Span& span) const {
    if (!tensor.data) return tensor;
    return tensor.row_range(a.mechanism->reaches_back() ? span.first_row : 0, span.rows);
  }

  /// One head over one chunk, from the gradient [C, V] of its output to those of its queries, keys and
  /// values.
  void of_chunk(const Span& span, int sequence, int head, const Chunk& chunk,
                const MatrixView<const Scalar>& output_gradient) const {
    const int row = span.row(sequence, chunk.first, a.positions);
    const auto own_rows = [&](const MatrixView<Scalar>& tensor, int size) {
      return of_head(of_span(tensor, span), head, size).row_range(row, chunk.count);
    };
    // Of heads that reach back, those of earlier chunks too.
    const auto rows = [&](const MatrixView<Scalar>& tensor, int size) {
      if (!a.mechanism->reaches_back()) return own_rows(tensor, size);
      return chunk.seen(of_head(tensor, head, size).row_range(sequence * a.positions, a.positions));
    };
    const int key_size = a.config.key_size;
    const MatrixView<Scalar> none;
    const HeadGradients<Scalar> gradients = {
        output_gradient,
        own_rows(g.queries, key_size),
        a.config.has_key || needs_input_gradient ? rows(g.keys, key_size) : none,
        a.config.has_value || needs_input_gradient ? rows(g.values, a.config.value_size) : none,
        g.states.row_range(head, 1).data,
        scalar_of_head(weight_gradient.log_inverse_ridge, head),
        scalar_of_head(weight_gradient.forget_logit, head)};
    a.mechanism->backward(a.head(input, weights, sequence, head), chunk, gradients);
    if (a.config.normalise_query_key) {
      normalise_backward(a, sequence, head, chunk, gradients.queries, own_rows(g.keys, key_size));
    }
  }

  /// All heads over all chunks of a span, from the gradient of the residual [R, D] in its rows.
  void of_heads(const Span& span, const MatrixView<const Scalar>& residual_gradient) const {
    const int size = a.config.value_size;
    const MatrixView<const Scalar> output_gradient = of_span(g.outputs, span);
    for (int n = span.first_sequence; n < span.first_sequence + span.sequences; ++n) {
      for (int h = 0; h < a.config.heads; ++h) {
        if (span.ends_sequence && g.states.columns > 0) store_zeros(&g.states(h, 0), g.states.columns);
        for (int c = span.end_chunk - 1; c >= span.first_chunk; --c) {
          const Chunk chunk = a.mechanism->chunks()[c];
          const int row = span.row(n, chunk.first, a.positions);
          const MatrixView<const Scalar> of_output =
              a.config.has_output ? of_head(output_gradient, h, size) : residual_gradient;
          of_chunk(span, n, h, chunk, of_output.row_range(row, chunk.count));
        }
      }
    }
  }
};

}  // namespace

template <class Scalar>
AttentionActivations<Scalar>::AttentionActivations(const AttentionConfig& config, int sequences,
                                                   int positions, Arena<Scalar>& arena)
    : config(config),
      mechanism(make_head<Scalar>(config.kind, {positions, config.key_size, config.value_size})),
      sequences(sequences),
      positions(positions) {
  const int rows = sequences * positions;
  queries = arena.matrix(rows, config.heads * config.key_size);
  if (config.has_key) keys = arena.matrix(rows, config.heads * config.key_size);
  if (config.has_value) values = arena.matrix(rows, config.heads * config.value_size);
  outputs = arena.matrix(rows, config.heads * config.value_size);
  if (config.normalise_query_key) {
    query_lengths = arena.matrix(rows, config.heads);
    key_lengths = arena.matrix(rows, config.heads);
  }
  kept = arena.matrix(sequences * config.heads, int(mechanism->memory().kept));
}

template <class Scalar>
HeadTensors<Scalar> AttentionActivations<Scalar>::head(const MatrixView<const Scalar>& input,
                                                       const AttentionWeights<const Scalar>& weights,
                                                       int sequence, int head) const {
  const auto rows = [&](const auto& tensor) { return tensor.row_range(sequence * positions, positions); };
  const auto read = [&](int size) { return last_channels(rows(input), size); };
  const int key_size = config.key_size;
  const int value_size = config.value_size;
  return {of_head(rows(queries), head, key_size),
          config.has_key ? of_head(rows(keys), head, key_size) : read(key_size),
          config.has_value ? of_head(rows(values), head, value_size) : read(value_size),
          of_head(rows(outputs), head, value_size),
          &kept(sequence * config.heads + head, 0),
          scratch,
          scalar_of_head(weights.log_inverse_ridge, head),
          scalar_of_head(weights.forget_logit, head)};
}

template <class Scalar>
AttentionGradients<Scalar>::AttentionGradients(const AttentionActivations<Scalar>& activations,
                                               Arena<Scalar>& arena) {
  const AttentionConfig& config = activations.config;
  const AttentionHead<Scalar>& mechanism = *activations.mechanism;
  const int sequences = activations.sequences;
  const int rows =
      mechanism.reaches_back() ? sequences * activations.positions : most_rows(mechanism.chunks(), sequences);
  queries = arena.matrix(rows, config.heads * config.key_size);
  keys = arena.matrix(rows, config.heads * config.key_size);
  values = arena.matrix(rows, config.heads * config.value_size);
  if (config.has_output) outputs = arena.matrix(rows, config.heads * config.value_size);
  states = arena.matrix(config.heads, int(mechanism.memory().state_gradient));
}

template <class Scalar>
void attention_scores(const MatrixView<const Scalar>& input, const AttentionWeights<const Scalar>& weights,
                      const AttentionActivations<Scalar>& activations, int sequence, int head,
                      const MatrixView<Scalar>& scores) {
  activations.mechanism->scores(activations.head(input, weights, sequence, head), scores);
  for (int t = 0; t < scores.rows; ++t) store_zeros(&scores(t, 0) + t + 1, scores.columns - t - 1);
}

template <class Scalar>
void attention_forward(const MatrixView<const Scalar>& input, const MatrixView<const Scalar>& encoding,
                       const AttentionWeights<const Scalar>& weights,
                       const AttentionActivations<Scalar>& activations, const MatrixView<Scalar>& residual) {
  const AttentionActivations<Scalar>& a = activations;
  const Chunks& chunks = a.mechanism->chunks();
  for (int i = 0; i < span_count(chunks, a.sequences); ++i) {
    const Span span = make_span(chunks, a.sequences, i);
    const MatrixView<const Scalar> rows = span.of(input);
    const MatrixView<const Scalar> encoded = span.encoding(encoding);
    project(rows, weights.query, encoded, weights.query_position, span.of(a.queries));
    if (a.config.has_key) project(rows, weights.key, encoded, weights.key_position, span.of(a.keys));
    if (a.config.has_value) project(rows, weights.value, {}, {}, span.of(a.values));
    for (int n = span.first_sequence; n < span.first_sequence + span.sequences; ++n) {
      for (int h = 0; h < a.config.heads; ++h) {
        const HeadTensors<Scalar> head = a.head(input, weights, n, h);
        for (int c = span.first_chunk; c < span.end_chunk; ++c) {
          if (a.config.normalise_query_key) normalise(a, n, h, chunks[c]);
          a.mechanism->forward(head, chunks[c]);
        }
      }
    }
    const MatrixView<const Scalar> outputs = span.of(a.outputs);
    if (a.config.has_output) {
      multiply_accumulate(outputs, weights.output.column_range(0, residual.columns), span.of(residual));
    } else {
      add_heads(outputs, span.of(residual));
    }
  }
}

template <class Scalar>
void attention_backward(const MatrixView<const Scalar>& input, const MatrixView<const Scalar>& encoding,
                        const AttentionWeights<const Scalar>& weights,
                        const AttentionActivations<Scalar>& activations,
                        const MatrixView<const Scalar>& output_gradient,
                        const MatrixView<Scalar>& input_gradient,
                        const AttentionWeights<Scalar>& weight_gradient,
                        const AttentionGradients<Scalar>& gradients) {
  const AttentionActivations<Scalar>& a = activations;
  const AttentionGradients<Scalar>& g = gradients;
  const BackwardPass<Scalar> pass = {input, weights, a, weight_gradient, g, input_gradient.data != nullptr};
  const int columns = output_gradient.columns;
  for (int i = span_count(a.mechanism->chunks(), a.sequences) - 1; i >= 0; --i) {
    const Span span = make_span(a.mechanism->chunks(), a.sequences, i);
    const MatrixView<const Scalar> span_gradient = span.of(output_gradient);
    if (a.config.has_output) {
      multiply(span_gradient, weights.output.column_range(0, columns).transposed(),
               pass.of_span(g.outputs, span));
      multiply_accumulate(read_only(span.of(a.outputs).transposed()), span_gradient,
                          weight_gradient.output.column_range(0, columns));
    }
    pass.of_heads(span, span_gradient);
    // Only now, with the gradient of the output used up, may its place become that of the input.
    const MatrixView<const Scalar> rows = span.of(input);
    const MatrixView<const Scalar> encoded = span.encoding(encoding);
    const MatrixView<Scalar> rows_gradient = span.of(input_gradient);
    project_backward(rows, weights.query, encoded, read_only(pass.of_span(g.queries, span)),
                     a.config.key_size, rows_gradient, weight_gradient.query, weight_gradient.query_position);
    project_backward(rows, weights.key, encoded, read_only(pass.of_span(g.keys, span)), a.config.key_size,
                     rows_gradient, weight_gradient.key, weight_gradient.key_position);
    project_backward(rows, weights.value, {}, read_only(pass.of_span(g.values, span)), a.config.value_size,
                     rows_gradient, weight_gradient.value, {});
  }
}

#define MESA_INSTANTIATE(Scalar)                                                                            \
  template struct AttentionActivations<Scalar>;                                                             \
  template struct AttentionGradients<Scalar>;                                                               \
  template void attention_scores(const MatrixView<const Scalar>&, const AttentionWeights<const Scalar>&,    \
                                 const AttentionActivations<Scalar>&, int, int, const MatrixView<Scalar>&); \
  template void attention_forward(const MatrixView<const Scalar>&, const MatrixView<const Scalar>&,         \
                                  const AttentionWeights<const Scalar>&,                                    \
                                  const AttentionActivations<Scalar>&, const MatrixView<Scalar>&);          \
  template void attention_backward(const MatrixView<const Scalar>&, const MatrixView<const Scalar>&,        \
                                   const AttentionWeights<const Scalar>&,                                   \
                                   const AttentionActivations<Scalar>&, const MatrixView<const Scalar>&,    \
                                   const MatrixView<Scalar>&, const AttentionWeights<Scalar>&,              \
                                   const AttentionGradients<Scalar>&);
MESA_INSTANTIATE(float)
MESA_INSTANTIATE(double)
#undef MESA_INSTANTIATE

}  // namespace mesa
