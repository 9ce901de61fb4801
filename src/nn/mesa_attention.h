#pragma once

#include "core/matrix_view.h"
#include "nn/chunks.h"
#include "nn/symmetric_matrix.h"

namespace mesa {

/// What a mesa head learns besides its projections.
template <class Scalar>
struct MesaScalars {
  Scalar inverse_ridge;  ///< lambda > 0
  Scalar forget_factor;  ///< gamma in (0, 1]; 1 forgets nothing
};

/// What a mesa head remembers of one sequence for the way back; the symbols are explained below.
template <class Scalar>
struct MesaActivations {
  MatrixView<Scalar> gains;         ///< g_t [T, K]
  MatrixView<Scalar> denominators;  ///< gamma + k_t . R_{t-1} k_t [T, 1]
  MatrixView<Scalar> errors;        ///< e_t [T, V]
  MatrixView<Scalar> scores;        ///< g_t' . q_t within a chunk [C, C], causal_scores()
  MatrixView<Scalar> state;         ///< Phi^T before the chunk [K, V], empty before the first
  MatrixView<Scalar> next_state;    ///< after it, empty after the last
  MatrixView<Scalar> inverse;  ///< R_{t-1} for the last t before the chunk [K, K], empty before the first
  MatrixView<Scalar> next_inverse;  ///< the same of the next chunk, empty after the last
};

/// What it hands back from each chunk to the one before it, besides the gradient of the state: the gradient
/// of R_t for the chunk's last t.
template <class Scalar>
struct MesaCarry {
  SymmetricMatrix<Scalar> inverse_gradient;
  Scalar gradient_dot_inverse = 0;  ///< sum over the entries of that times R_t
};

/// The mesa layer of one head over one sequence (paper, section "The mesa-layer"): mixed_t = Phi_t q_t with
///   Phi_t = argmin 1/2 sum_{t' <= t} gamma^{t - t'} |v_t' - Phi k_t'|^2 + gamma^t |Phi|_F^2 / (2 lambda),
/// by recursive least squares: with R_0 = lambda I, Phi_0 = 0, the gain and the error of the prediction
///   g_t = -R_{t-1} k_t / (gamma + k_t . R_{t-1} k_t),   e_t = Phi_{t-1} k_t - v_t,
///   Phi_t = Phi_{t-1} + e_t g_t^T,                      R_t = (R_{t-1} + R_{t-1} k_t g_t^T) / gamma.
/// One chunk of it, after those before it; queries and keys [T, K], values and mixed [T, V] are of the whole
/// sequence.
///
/// Only R_t, O(K^2) a position, is worked out one position after the other. Phi_t being the sum of e_t'
/// g_t'^T, the rest is causal linear attention with the gains as keys: to the errors, where it makes a
/// triangular system in each chunk,
///   e_t = -v_t + sum_{t' < t} (g_t' . k_t) e_t',   mixed_t = sum_{t' <= t} (g_t' . q_t) e_t'.
template <class Scalar>
void mesa_attention_forward(const Chunk& chunk, MatrixView<const Scalar> queries,
                            MatrixView<const Scalar> keys, MatrixView<const Scalar> values,
                            const MesaScalars<Scalar>& scalars, const MesaActivations<Scalar>& activations,
                            MatrixView<Scalar> mixed);

/// The other way, after the chunks behind this one: from the gradient of mixed to those of queries, keys and
/// values, which are overwritten; state_gradient as for linear_attention_backward(). Returns this chunk's
/// part of those of lambda and gamma. R_t is not kept but made anew from the gains, forwards: the paper's
/// way, R_{t-1} from R_t, loses digits in float.
template <class Scalar>
MesaScalars<Scalar> mesa_attention_backward(
    const Chunk& chunk, MatrixView<const Scalar> queries, MatrixView<const Scalar> keys,
    const MesaScalars<Scalar>& scalars, const MesaActivations<Scalar>& activations,
    MatrixView<const Scalar> mixed_gradient, MatrixView<Scalar> state_gradient, MesaCarry<Scalar>& carry,
    MatrixView<Scalar> query_gradient, MatrixView<Scalar> key_gradient, MatrixView<Scalar> value_gradient);

}  // namespace mesa
