#pragma once

#include "core/matrix_view.h"

namespace mesa {

/// Causal softmax self-attention of one head over one sequence:
///   mixed_t = sum_{t' <= t} p_tt' v_t',   p_t = softmax over t' <= t of (q_t . k_t') / sqrt(K).
/// One chunk of C positions of it (chunks.h), before which there are `past`: queries [C, K], keys [past
/// + C, K], values [past + C, V], mixed [C, V], scores [C, past + C].

/// The scores: p, where t' > t as causal_scores() has it.
template <class Scalar>
void softmax_scores(const MatrixView<const Scalar>& queries, const MatrixView<const Scalar>& keys,
                    const MatrixView<Scalar>& scores);

/// Fills scores too.
template <class Scalar>
void softmax_attention_forward(const MatrixView<const Scalar>& queries, const MatrixView<const Scalar>& keys,
                               const MatrixView<const Scalar>& values, const MatrixView<Scalar>& scores,
                               const MatrixView<Scalar>& mixed);

/// The other way, chunks going down: from the gradient of mixed to those of queries, keys and values. With
/// `accumulate` adds to that of keys and values what came from later chunks already; all else is overwritten.
/// Empty ones of keys and values are not computed.
template <class Scalar>
void softmax_attention_backward(const MatrixView<const Scalar>& queries, const MatrixView<const Scalar>& keys,
                                const MatrixView<const Scalar>& values,
                                const MatrixView<const Scalar>& scores,
                                const MatrixView<const Scalar>& mixed_gradient,
                                const MatrixView<Scalar>& query_gradient,
                                const MatrixView<Scalar>& key_gradient,
                                const MatrixView<Scalar>& value_gradient, bool accumulate);

}  // namespace mesa
