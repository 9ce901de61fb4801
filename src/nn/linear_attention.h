#pragma once

#include "core/matrix_view.h"

namespace mesa {

/// Causal linear self-attention of one head over one sequence, diagonal kept, no scale:
///   mixed_t = sum_{t' <= t} (q_t . k_t') v_t'.
/// queries, keys, values, mixed [T, K]; scores [T, T] keeps q_t . k_t' for the way back, zeros above the
/// diagonal.
template <class Scalar>
void linear_attention_forward(MatrixView<const Scalar> queries, MatrixView<const Scalar> keys,
                              MatrixView<const Scalar> values, MatrixView<Scalar> scores,
                              MatrixView<Scalar> mixed);

/// The other way: from the gradient of mixed to those of queries, keys and values, which are overwritten, as
/// is the scratch score_gradient [T, T]. Empty gradients of keys and values are not computed.
template <class Scalar>
void linear_attention_backward(MatrixView<const Scalar> queries, MatrixView<const Scalar> keys,
                               MatrixView<const Scalar> values, MatrixView<const Scalar> scores,
                               MatrixView<const Scalar> mixed_gradient, MatrixView<Scalar> score_gradient,
                               MatrixView<Scalar> query_gradient, MatrixView<Scalar> key_gradient,
                               MatrixView<Scalar> value_gradient);

}  // namespace mesa
