#pragma once

#include "core/matrix_view.h"
#include "nn/chunks.h"

namespace mesa {

/// What a mesa head learns besides its projections.
template <class Scalar>
struct MesaScalars {
  Scalar inverse_ridge;  ///< lambda > 0
  Scalar forget_factor;  ///< gamma in (0, 1]; 1 forgets nothing
};

/// Columns of matrices [. K + V] whose parts belong to keys and to values: those, and more up to whole
/// vectors, as products like them, in which anything may stand.
constexpr int mesa_columns(int key_size, int value_size) { return (key_size + value_size + 7) / 8 * 8; }

/// What a mesa head remembers of one sequence for the way back; the symbols are explained below.
template <class Scalar>
struct MesaActivations {
  MatrixView<Scalar> gains_errors;     ///< [S E] of each chunk [T, mesa_columns()]
  MatrixView<Scalar> inverse_factors;  ///< L^-1 of each chunk [T, C]
  MatrixView<Scalar> scores;           ///< Q S^T within a chunk [C, C], causal_scores()
  MatrixView<Scalar> state;       ///< [M Phi^T] before the chunk [K, mesa_columns()], empty before the first
  MatrixView<Scalar> next_state;  ///< after it, empty after the last
  int key_size;                   ///< K
  int value_size;                 ///< V

  /// S [T, K].
  [[nodiscard]] MatrixView<Scalar> gains() const { return gains_errors.column_range(0, key_size); }
  /// E [T, V].
  [[nodiscard]] MatrixView<Scalar> errors() const { return gains_errors.column_range(key_size, value_size); }
  /// Phi^T before the chunk [K, V], empty before the first.
  [[nodiscard]] MatrixView<const Scalar> phi() const {
    if (!state.data) return {};
    return state.column_range(key_size, value_size);
  }
};

/// The mesa layer of one head over one sequence (paper, section "The mesa-layer"): mixed_t = Phi_t q_t with
///   Phi_t = argmin 1/2 sum_{t' <= t} gamma^{t - t'} |v_t' - Phi k_t'|^2 + gamma^t |Phi|_F^2 / (2 lambda),
/// by recursive least squares: with R_0 = lambda I, Phi_0 = 0, the gain and the error of the prediction
///   g_t = -R_{t-1} k_t / (gamma + k_t . R_{t-1} k_t),   e_t = Phi_{t-1} k_t - v_t,
///   Phi_t = Phi_{t-1} + e_t g_t^T,                      R_t = (R_{t-1} + R_{t-1} k_t g_t^T) / gamma.
/// One chunk of it, after those before it; queries and keys [T, K], values and mixed [T, V] are of the whole
/// sequence.
///
/// A chunk's positions go through the recursion together. Let K, V be their keys and values [C, K], [C, V],
/// and M = -R and Phi those before them. With L lower triangular,
///   diag(gamma, gamma^2, .. gamma^C) - K M K^T = L L^T,   [S E] = L^-1 (K [M Phi^T] - [0 V]),
/// row t of S and of E is g_t / l_t and e_t l_t, l_t that of the diagonal of L^-1. So, with S for keys and E
/// for values, the head mixes as a linear one does, and behind the chunk, which keeps M symmetric to the bit,
///   M <- gamma^-C (M + S^T S),   Phi^T <- Phi^T + S^T E.
template <class Scalar>
void mesa_attention_forward(const Chunk& chunk, const MatrixView<const Scalar>& queries,
                            const MatrixView<const Scalar>& keys, const MatrixView<const Scalar>& values,
                            const MesaScalars<Scalar>& scalars, const MesaActivations<Scalar>& activations,
                            const MatrixView<Scalar>& mixed);

/// The other way, after the chunks behind this one: from the gradient [C, V] of mixed to those of queries,
/// keys and values, of the chunk and overwritten. state_gradient, that of the state after the chunk, of M
/// together with its transpose, zero after the last, becomes that of the state before it, if there is one.
/// Returns this chunk's part of the gradients of lambda and gamma; forget_factor is 0 where gamma is 1, as it
/// then is not learned.
template <class Scalar>
MesaScalars<Scalar> mesa_attention_backward(
    const Chunk& chunk, const MatrixView<const Scalar>& queries, const MatrixView<const Scalar>& keys,
    const MesaScalars<Scalar>& scalars, const MesaActivations<Scalar>& activations,
    const MatrixView<const Scalar>& mixed_gradient, const MatrixView<Scalar>& state_gradient,
    const MatrixView<Scalar>& query_gradient, const MatrixView<Scalar>& key_gradient,
    const MatrixView<Scalar>& value_gradient);

}  // namespace mesa
