#pragma once

#include <vector>

#include "core/matrix_view.h"
#include "nn/attention_kind.h"
#include "nn/chunks.h"
#include "nn/mesa_attention.h"

namespace mesa {

/// What decides how one attention layer computes.
struct AttentionConfig {
  AttentionKind kind = AttentionKind::linear;
  int heads = 1;                     ///< H
  int key_size = 1;                  ///< K, of queries and keys
  int value_size = 1;                ///< V, of values
  bool normalise_query_key = false;  ///< queries and keys are divided by their length
};

/// Weights of one attention layer. Head h owns columns h K .. (h + 1) K of query and key, h V .. (h + 1) V of
/// value and the same rows of output. The first three may have fewer rows than the input has channels D: they
/// read the last I ones. No biases. With a const Scalar: to read; otherwise also the gradient, which has the
/// same shapes. What a layer does not have is an empty view.
template <class Scalar>
struct AttentionWeights {
  MatrixView<Scalar> query;  ///< W_q [I, H K]
  MatrixView<Scalar> key;    ///< W_k [I, H K]; without it the keys of each head are what is read, K = I
  MatrixView<Scalar> value;  ///< W_v [I, H V]; likewise, V = I
  MatrixView<Scalar>
      output;  ///< W_o [H V, D]; without it the heads' results are added up as they are, V channels wide
  MatrixView<Scalar> query_position;  ///< [P, H K], the rows of W_q that read the positional encoding
  MatrixView<Scalar> key_position;    ///< [P, H K], likewise of W_k
  MatrixView<Scalar>
      log_inverse_ridge;  ///< [1, H], log lambda of mesa heads; so lambda stays positive and decays to 1
  MatrixView<Scalar> forget_logit;  ///< [1, H], gamma = 1 / (1 + exp(-x)) of mesa heads
};

/// What one layer computes for a tile of N sequences; a second one carries the gradients of the same
/// quantities.
template <class Scalar>
struct AttentionActivations {
  /// Room for `sequences` sequences of `positions` positions.
  AttentionActivations(const AttentionConfig& config, int sequences, int positions);

  AttentionConfig config;
  int sequences;                      ///< N
  int positions;                      ///< T
  std::vector<Scalar> queries;        ///< [N T, H K], normalised if the layer does that
  std::vector<Scalar> keys;           ///< [N T, H K], likewise
  std::vector<Scalar> values;         ///< [N T, H V]
  std::vector<Scalar> mixed;          ///< [N T, H V], what the heads make of the values
  std::vector<Scalar> query_lengths;  ///< [N T, H] before normalisation
  std::vector<Scalar> key_lengths;    ///< [N T, H]
  std::vector<Scalar>
      scores;  ///< [N, H, T, C], C that of the longest chunk; of softmax heads [N, H, C, C], of the first
  std::vector<Scalar>
      states;  ///< [N, H, chunks - 1, K, V] of linear heads, [.., mesa_columns()] of mesa heads
  std::vector<Scalar> gains_errors;     ///< [N, H, T, mesa_columns()] of mesa heads (mesa_attention.h)
  std::vector<Scalar> inverse_factors;  ///< [N, H, T, C] of mesa heads, C that of the last, longest chunk

  /// How many numbers each head has in the rows of one of the [N T, H K] or [N T, H V] tensors.
  [[nodiscard]] int head_size(const std::vector<Scalar>& tensor) const {
    const bool of_values = &tensor == &values || &tensor == &mixed;
    return of_values ? config.value_size : config.key_size;
  }
  /// One of those tensors, whole.
  MatrixView<Scalar> whole(std::vector<Scalar>& tensor) {
    return {tensor.data(), sequences * positions, config.heads * head_size(tensor)};
  }
  /// One of them for one sequence and head: [T, K] or [T, V].
  MatrixView<Scalar> head(std::vector<Scalar>& tensor, int sequence, int head);
  /// One of the [N T, H] tensors for one sequence and head: [T, 1].
  MatrixView<Scalar> head_scalar(std::vector<Scalar>& tensor, int sequence, int head);
  [[nodiscard]] int state_columns() const {
    return config.kind == AttentionKind::mesa ? mesa_columns(config.key_size, config.value_size)
                                              : config.value_size;
  }
  /// What one mesa head remembers of one sequence, as seen from a chunk whose scores stand where it says.
  MesaActivations<Scalar> mesa(int sequence, int head, int chunk, const MatrixView<Scalar>& scores);
  /// The state of one sequence and head before a chunk; empty for the first, and for that after the last.
  MatrixView<Scalar> state_before(int sequence, int head, int chunk);
};

/// How many numbers AttentionActivations has room for.
double attention_numbers(const AttentionConfig& config, int sequences, int positions);

/// How one head mixes the values of one sequence: scores [T, T] become q_t . k_t', of softmax heads their
/// softmax, of mesa heads g_t' . q_t, which is what the errors are mixed by. Zeros above the diagonal. After
/// attention_forward() with the same input and weights.
template <class Scalar>
void attention_scores(const MatrixView<const Scalar>& input, const AttentionWeights<const Scalar>& weights,
                      AttentionActivations<Scalar>& activations, int sequence, int head,
                      const MatrixView<Scalar>& scores);

/// Causal self-attention, diagonal kept: queries, keys and values are projections of the input, every head
/// mixes them its way (linear_attention.h, softmax_attention.h, mesa_attention.h), and the heads' results
/// times W_o are added to the residual. input and residual [N T, D] must not overlap. encoding [T, P] is seen
/// by W_q and W_k only; empty where the weights have no rows for it. A residual of fewer than D columns gets
/// what belongs to those.
template <class Scalar>
void attention_forward(const MatrixView<const Scalar>& input, const MatrixView<const Scalar>& encoding,
                       const AttentionWeights<const Scalar>& weights,
                       AttentionActivations<Scalar>& activations, const MatrixView<Scalar>& residual);

/// The other way: adds to input_gradient [N T, D], which may be the same memory as output_gradient, the
/// gradient of what was added to the residual. An empty input_gradient is not computed; output_gradient may
/// have fewer than D columns, if those that are missing are zero. Adds to weight_gradient; `gradients` is
/// overwritten.
template <class Scalar>
void attention_backward(const MatrixView<const Scalar>& input, const MatrixView<const Scalar>& encoding,
                        const AttentionWeights<const Scalar>& weights,
                        AttentionActivations<Scalar>& activations,
                        const MatrixView<const Scalar>& output_gradient,
                        const MatrixView<Scalar>& input_gradient,
                        const AttentionWeights<Scalar>& weight_gradient,
                        AttentionActivations<Scalar>& gradients);

}  // namespace mesa
