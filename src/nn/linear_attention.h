#pragma once

#include "core/matrix_view.h"

namespace mesa {

/// Causal linear self-attention of one head over one sequence, diagonal kept, no scale:
///   mixed_t = sum_{t' <= t} (q_t . k_t') v_t'.
/// One chunk of it (chunks.h), after those before it, whose part is q_t times their state, the sum of k_t'
/// v_t'^T over their positions: so the cost grows as T does. queries, keys [C, K]; values, mixed [C, V];
/// scores [C, C] keeps those of causal_scores() for the way back; state [K, V], empty before the
/// first chunk; next_state [K, V], that after this chunk, empty where nobody needs it.
template <class Scalar>
void linear_attention_forward(const MatrixView<const Scalar>& queries, const MatrixView<const Scalar>& keys,
                              const MatrixView<const Scalar>& values, const MatrixView<const Scalar>& state,
                              const MatrixView<Scalar>& scores, const MatrixView<Scalar>& mixed,
                              const MatrixView<Scalar>& next_state);

/// The other way, after the chunks behind this one: from the gradient of mixed to those of queries, keys and
/// values, which are overwritten; empty ones of keys and values are not computed. state_gradient [K, V], that
/// of the state after this chunk, becomes that of the state before it; empty where a sequence is one chunk.
template <class Scalar>
void linear_attention_backward(const MatrixView<const Scalar>& queries, const MatrixView<const Scalar>& keys,
                               const MatrixView<const Scalar>& values, const MatrixView<const Scalar>& state,
                               const MatrixView<const Scalar>& scores,
                               const MatrixView<const Scalar>& mixed_gradient,
                               const MatrixView<Scalar>& state_gradient,
                               const MatrixView<Scalar>& query_gradient,
                               const MatrixView<Scalar>& key_gradient,
                               const MatrixView<Scalar>& value_gradient);

}  // namespace mesa
