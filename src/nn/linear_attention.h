#pragma once

#include "core/matrix_view.h"

namespace mesa {

/// Causal linear self-attention of one head over one sequence, diagonal kept, no scale:
///   output_t = sum_{t' <= t} (q_t . k_t') v_t'.
/// A chunk of C positions (chunks.h) meets the earlier ones through their state, the sum of k_t' v_t'^T over
/// their positions, so the cost grows as T does.
template <class Scalar>
struct LinearChunk {
  MatrixView<const Scalar> queries;  ///< [C, K]
  MatrixView<const Scalar> keys;     ///< [C, K]
  MatrixView<const Scalar> values;   ///< [C, V]
  MatrixView<const Scalar> state;    ///< [K, V] before the chunk; empty for the first
  MatrixView<Scalar> scores;         ///< [C, C], causal_scores() of queries and keys
};

/// Fills the scores and the output [C, V].
template <class Scalar>
void linear_chunk_forward(const LinearChunk<Scalar>& chunk, const MatrixView<Scalar>& output);

/// The gradients of a chunk; all but the output's and the state's are overwritten.
template <class Scalar>
struct LinearChunkGradients {
  MatrixView<const Scalar> output;  ///< [C, V]
  MatrixView<const Scalar> state;   ///< [K, V], of the state after the chunk; empty where it has no effect
  MatrixView<Scalar> queries;       ///< [C, K]
  MatrixView<Scalar> keys;          ///< [C, K]; empty where it is not needed
  MatrixView<Scalar> values;        ///< [C, V]; likewise
};

/// The backward pass of linear_chunk_forward(). score_gradient [C, C] is scratch memory.
template <class Scalar>
void linear_chunk_backward(const LinearChunk<Scalar>& chunk, const LinearChunkGradients<Scalar>& gradients,
                           const MatrixView<Scalar>& score_gradient);

}  // namespace mesa
