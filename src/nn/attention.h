#pragma once

#include <memory>
#include <vector>

#include "core/arena.h"
#include "core/matrix_view.h"
#include "nn/attention_head.h"
#include "nn/attention_kind.h"

namespace mesa {

/// What decides how one attention layer computes, and which weights it has.
struct AttentionConfig {
  AttentionKind kind = AttentionKind::linear;
  int heads = 1;                     ///< H
  int input_size = 1;                ///< I, the last channels of the input that the layer reads
  int key_size = 1;                  ///< K, of queries and keys
  int value_size = 1;                ///< V, of values
  bool has_key = true;               ///< without W_k the keys of each head are what the layer reads, K = I
  bool has_value = true;             ///< likewise for W_v, V = I
  bool has_output = true;            ///< without W_o the head outputs are added up as they are
  bool encodes_position = false;     ///< queries and keys see a positional encoding
  bool learns_forgetting = false;    ///< of mesa heads: whether gamma is learned; otherwise it is 1
  bool normalise_query_key = false;  ///< queries and keys are divided by their length
};

/// Weights of one attention layer, without biases. Head h owns columns h K .. (h + 1) K of query and key, h V
/// .. (h + 1) V of value and the same rows of output. With a const Scalar: to read; otherwise also the
/// gradient, which has the same shapes. What a layer does not have is an empty view.
template <class Scalar>
struct AttentionWeights {
  MatrixView<Scalar> query;              ///< W_q [I, H K]
  MatrixView<Scalar> key;                ///< W_k [I, H K]
  MatrixView<Scalar> value;              ///< W_v [I, H V]
  MatrixView<Scalar> output;             ///< W_o [H V, D]
  MatrixView<Scalar> query_position;     ///< [P, H K], the rows of W_q that read the positional encoding
  MatrixView<Scalar> key_position;       ///< [P, H K], likewise of W_k
  MatrixView<Scalar> log_inverse_ridge;  ///< [1, H], log lambda of mesa heads, so that lambda stays positive
  MatrixView<Scalar> forget_logit;       ///< [1, H], gamma = 1 / (1 + exp(-x)) of mesa heads
};

/// What one layer computes for a tile of N sequences and keeps for its backward pass.
template <class Scalar>
struct AttentionActivations {
  /// Room for `sequences` sequences of `positions` positions, but for the scratch memory.
  AttentionActivations(const AttentionConfig& config, int sequences, int positions, Arena<Scalar>& arena);

  /// What a head works on. input [N T, D] is that of the layer.
  [[nodiscard]] HeadTensors<Scalar> head(const MatrixView<const Scalar>& input,
                                         const AttentionWeights<const Scalar>& weights, int sequence,
                                         int head) const;

  AttentionConfig config;
  std::unique_ptr<const AttentionHead<Scalar>> mechanism;  ///< what every head computes
  int sequences;                                           ///< N
  int positions;                                           ///< T
  MatrixView<Scalar> queries;                              ///< [N T, H K], normalised if the layer does that
  MatrixView<Scalar> keys;                                 ///< [N T, H K], likewise; empty without W_k
  MatrixView<Scalar> values;                               ///< [N T, H V], empty without W_v
  MatrixView<Scalar> outputs;                              ///< [N T, H V], the head outputs
  MatrixView<Scalar> query_lengths;                        ///< [N T, H] before normalisation
  MatrixView<Scalar> key_lengths;                          ///< [N T, H]
  MatrixView<Scalar> kept;                                 ///< [N H, HeadMemory::kept]
  Scalar* scratch = nullptr;  ///< HeadMemory::scratch numbers, which other layers may use as well
};

/// Memory for the backward pass of one layer. That of several layers may be the same, as each is done with it
/// when its backward pass ends.
template <class Scalar>
struct AttentionGradients {
  AttentionGradients(const AttentionActivations<Scalar>& activations, Arena<Scalar>& arena);

  MatrixView<Scalar>
      queries;              ///< [R, H K] for the rows that go through the layer together, or for all of them
  MatrixView<Scalar> keys;  ///< [R, H K]
  MatrixView<Scalar> values;   ///< [R, H V]
  MatrixView<Scalar> outputs;  ///< [R, H V], empty without W_o
  MatrixView<Scalar> states;   ///< [H, HeadMemory::state_gradient]
};

/// How one head makes its output of one sequence: scores [T, T] become q_t . k_t', of softmax heads their
/// softmax, of mesa heads g_t' . q_t, which the errors are multiplied by. Zeros above the diagonal. After
/// attention_forward() with the same input and weights.
template <class Scalar>
void attention_scores(const MatrixView<const Scalar>& input, const AttentionWeights<const Scalar>& weights,
                      const AttentionActivations<Scalar>& activations, int sequence, int head,
                      const MatrixView<Scalar>& scores);

/// Causal self-attention, diagonal kept: queries, keys and values are projections of the input, each head
/// makes its output of them (attention_head.h), and the head outputs times W_o are added to the residual.
/// input and residual [N T, D] must not overlap. encoding [T, P] is seen by W_q and W_k only. A residual of
/// fewer than D columns gets what belongs to those.
template <class Scalar>
void attention_forward(const MatrixView<const Scalar>& input, const MatrixView<const Scalar>& encoding,
                       const AttentionWeights<const Scalar>& weights,
                       const AttentionActivations<Scalar>& activations, const MatrixView<Scalar>& residual);

/// The backward pass of attention_forward(): adds to input_gradient [N T, D], which may be the same memory as
/// output_gradient, the gradient of what was added to the residual. An empty input_gradient is not computed;
/// output_gradient may have fewer than D columns, if those that are missing are zero. Adds to
/// weight_gradient.
template <class Scalar>
void attention_backward(const MatrixView<const Scalar>& input, const MatrixView<const Scalar>& encoding,
                        const AttentionWeights<const Scalar>& weights,
                        const AttentionActivations<Scalar>& activations,
                        const MatrixView<const Scalar>& output_gradient,
                        const MatrixView<Scalar>& input_gradient,
                        const AttentionWeights<Scalar>& weight_gradient,
                        const AttentionGradients<Scalar>& gradients);

}  // namespace mesa
