// The mesa layer of one head over one sequence (paper, section "The mesa-layer"): output_t = Phi_t q_t with
//   Phi_t = argmin 1/2 sum_{t' <= t} gamma^{t - t'} |v_t' - Phi k_t'|^2 + gamma^t |Phi|_F^2 / (2 lambda),
// by recursive least squares: with R_0 = lambda I, Phi_0 = 0, the gain and the error of the prediction
//   g_t = -R_{t-1} k_t / (gamma + k_t . R_{t-1} k_t),   e_t = Phi_{t-1} k_t - v_t,
//   Phi_t = Phi_{t-1} + e_t g_t^T,                      R_t = (R_{t-1} + R_{t-1} k_t g_t^T) / gamma.
//
// The positions of a chunk go through the recursion together. Let K, V be their keys and values [C, K], [C,
// V], and M = -R and Phi those before them. With L lower triangular,
//   diag(gamma, gamma^2, .. gamma^C) - K M K^T = L L^T,   [S E] = L^-1 (K [M Phi^T] - [0 V]),
// row t of S and of E is g_t / l_t and e_t l_t, l_t being that of the diagonal of L^-1. So, with S for keys
// and E for values, the head works as a linear one does, and after the chunk
//   M <- gamma^-C (M + S^T S),   Phi^T <- Phi^T + S^T E,
// which keeps M symmetric to the bit.

#include <algorithm>
#include <cmath>

#include "core/cholesky.h"
#include "core/elementary.h"
#include "core/matrix_product.h"
#include "core/simd.h"
#include "core/vector_arithmetic.h"
#include "nn/attention_head.h"
#include "nn/causal_product.h"
#include "nn/linear_attention.h"

namespace mesa {
namespace {

constexpr ChunkLengths kLengths = {.longest_single = 31, .usual = 16, .in_span = 12};

/// Columns of matrices [., K + V] whose parts belong to keys and to values: those, and more up to whole
/// vectors, as products like them. Anything may stand in the others.
constexpr int mesa_columns(const HeadSizes& sizes) { return (sizes.key_size + sizes.value_size + 7) / 8 * 8; }

/// Of [S E], of a state or of the gradient of either: the part that belongs to keys [., K] and the part that
/// belongs to values [., V].
template <class Scalar>
struct Parts {
  Parts(const MatrixView<Scalar>& both, const HeadSizes& sizes)
      : of_keys(both.column_range(0, sizes.key_size)),
        of_values(both.column_range(sizes.key_size, sizes.value_size)) {}

  MatrixView<Scalar> of_keys;
  MatrixView<Scalar> of_values;
};

/// What a head keeps of one sequence for the backward pass.
template <class Scalar>
struct Kept {
  Kept(const HeadSizes& sizes, const Chunks& chunks, Arena<Scalar>& arena)
      : gains_errors(arena.matrix(sizes.positions, mesa_columns(sizes))),
        inverse_factors(arena.matrix(sizes.positions, chunks.longest())),
        scores(arena.matrix(sizes.positions, chunks.longest())),
        states(arena.matrix((chunks.count() - 1) * sizes.key_size, mesa_columns(sizes))),
        key_size(sizes.key_size) {}

  /// [M Phi^T] before a chunk [K, mesa_columns()]; empty for the first one and after the last.
  [[nodiscard]] MatrixView<Scalar> state_before(int chunk) const {
    if (chunk == 0 || chunk * key_size > states.rows) return {};
    return states.row_range((chunk - 1) * key_size, key_size);
  }

  MatrixView<Scalar> gains_errors;     ///< [S E] of each chunk [T, mesa_columns()]
  MatrixView<Scalar> inverse_factors;  ///< L^-1 of each chunk [T, C]
  MatrixView<Scalar> scores;           ///< Q S^T within each chunk [T, C], causal_scores()
  MatrixView<Scalar> states;           ///< [(chunks - 1) K, mesa_columns()]
  int key_size;
};

/// What is kept of one chunk.
template <class Scalar>
struct KeptChunk {
  KeptChunk(const Kept<Scalar>& kept, const HeadSizes& sizes, const Chunk& chunk)
      : gains_errors(chunk.of(kept.gains_errors)),
        gains(gains_errors.column_range(0, sizes.key_size)),
        errors(gains_errors.column_range(sizes.key_size, sizes.value_size)),
        inverse_factor(chunk.of(kept.inverse_factors).column_range(0, chunk.count)),
        scores(chunk.of(kept.scores).column_range(0, chunk.count)),
        state(kept.state_before(chunk.index)),
        next_state(kept.state_before(chunk.index + 1)) {
    if (state.data) phi = state.column_range(sizes.key_size, sizes.value_size);
  }

  MatrixView<Scalar> gains_errors;    ///< [S E], [C, mesa_columns()]
  MatrixView<Scalar> gains;           ///< S [C, K]
  MatrixView<Scalar> errors;          ///< E [C, V]
  MatrixView<Scalar> inverse_factor;  ///< L^-1 [C, C]
  MatrixView<Scalar> scores;          ///< Q S^T [C, C]
  MatrixView<Scalar> state;           ///< [M Phi^T] before the chunk; empty for the first
  MatrixView<Scalar> next_state;      ///< the same after it; empty after the last
  MatrixView<const Scalar> phi;       ///< Phi^T before the chunk [K, V]; empty for the first
};

/// What a head learns besides its projections, or the gradient of that.
template <class Scalar>
struct LearnedScalars {
  Scalar inverse_ridge;  ///< lambda > 0
  Scalar forget_factor;  ///< gamma in (0, 1]; 1 forgets nothing
};

template <class Scalar>
LearnedScalars<Scalar> learned_scalars(const HeadTensors<Scalar>& head) {
  const Scalar gamma = head.forget_logit.data ? 1 / (1 + std::exp(-head.forget_logit(0, 0))) : Scalar(1);
  return {std::exp(head.log_inverse_ridge(0, 0)), gamma};
}

template <class Scalar>
void clear(const MatrixView<Scalar>& matrix) {
  for (int i = 0; i < matrix.rows; ++i) store_zeros(&matrix(i, 0), matrix.columns);
}

/// to = factor * from. Columns that `to` has more are left alone.
template <class Scalar>
void scale_rows(Scalar factor, const MatrixView<const Scalar>& from, const MatrixView<Scalar>& to) {
  for (int i = 0; i < to.rows; ++i) scale(factor, &from(i, 0), &to(i, 0), from.columns);
}

/// The sum over all entries of products of entries.
template <class Scalar>
Scalar dot_rows(const MatrixView<const Scalar>& a, const MatrixView<const Scalar>& b) {
  Scalar sum = 0;
  for (int i = 0; i < a.rows; ++i) sum += dot(&a(i, 0), &b(i, 0), a.columns);
  return sum;
}

/// Of a symmetric matrix what makes it together with its transpose: the lower triangle, of the diagonal half.
template <class Scalar>
void halve(const MatrixView<Scalar>& matrix) {
  for (int i = 0; i < matrix.rows; ++i) {
    matrix(i, i) /= 2;
    store_zeros(&matrix(i, 0) + i + 1, matrix.columns - i - 1);
  }
}

/// matrix += matrix^T.
template <class Scalar>
void add_transpose(const MatrixView<Scalar>& matrix) {
  for (int i = 0; i < matrix.rows; ++i) {
    Scalar* below = &matrix(i, 0);
    Scalar* above = &matrix(0, i);
    for (int j = 0; j <= i; ++j, above += matrix.row_stride) below[j] = *above = below[j] + *above;
  }
}

/// The rows of `left` [C, K] times a state.
template <class Scalar>
void multiply_by_state(const MatrixView<const Scalar>& left, const MatrixView<const Scalar>& state,
                       Scalar inverse_ridge, const MatrixView<Scalar>& result) {
  if (state.data) return multiply(left, state, result);
  clear(result);
  scale_rows(-inverse_ridge, left, result);
}

/// The state after a chunk from that before it.
template <class Scalar>
void advance(const LearnedScalars<Scalar>& scalars, const KeptChunk<Scalar>& kept) {
  const MatrixView<Scalar>& next_state = kept.next_state;
  const MatrixView<Scalar> inverse = next_state.column_range(0, kept.gains.columns);
  if (kept.state.data) {
    std::copy_n(kept.state.data, std::ptrdiff_t(next_state.rows) * next_state.columns, next_state.data);
  } else {
    clear(next_state);
    for (int k = 0; k < inverse.rows; ++k) inverse(k, k) = -scalars.inverse_ridge;
  }
  multiply_accumulate(read_only(kept.gains).transposed(), read_only(kept.gains_errors), next_state);
  if (scalars.forget_factor != 1)
    scale_rows(Scalar(power(1 / scalars.forget_factor, kept.gains.rows)), read_only(inverse), inverse);
}

/// From the gradient of the state after a chunk to that of what the chunk made before it forgot, and adds to
/// that of [S E] what comes through the state. Returns the gradient of gamma, 0 where gamma is 1.
template <class Scalar>
Scalar next_state_backward(Scalar gamma, const KeptChunk<Scalar>& kept, const Parts<Scalar>& state_gradients,
                           const MatrixView<Scalar>& state_gradient, const MatrixView<Scalar>& gradient) {
  const auto& [of_keys, of_values] = state_gradients;
  const int count = gradient.rows;
  Scalar gamma_gradient = 0;
  if (gamma != 1) {
    const auto next_inverse = read_only(kept.next_state).column_range(0, of_keys.columns);
    gamma_gradient = -Scalar(count) / gamma * dot_rows(read_only(of_keys), next_inverse) / 2;
    scale_rows(Scalar(power(1 / gamma, count)), read_only(of_keys), of_keys);
  }
  multiply_accumulate(read_only(kept.gains), read_only(state_gradient), gradient);
  multiply_accumulate(read_only(kept.errors), read_only(of_values).transposed(),
                      gradient.column_range(0, of_keys.columns));
  return gamma_gradient;
}

/// The gradient of gamma through its powers in the diagonal of L L^T, from N (see backward()).
template <class Scalar>
Scalar powers_backward(Scalar gamma, const MatrixView<const Scalar>& inverse_factor,
                       const MatrixView<const Scalar>& n, const MatrixView<Scalar>& scratch) {
  multiply(n, inverse_factor, scratch, Triangle::left_lower);
  Scalar sum = 0;
  Scalar age_weight = 1;
  for (int t = 0; t < n.rows; ++t, age_weight *= gamma) {
    for (int i = t; i < n.rows; ++i) sum -= Scalar(t + 1) * age_weight * inverse_factor(i, t) * scratch(i, t);
  }
  return sum;
}

/// Memory that the passes of one chunk work in.
template <class Scalar>
struct Scratch {
  Scratch(const HeadSizes& sizes, int longest, Arena<Scalar> arena)
      : through_state(arena.matrix(longest, mesa_columns(sizes))),
        gradient(arena.matrix(longest, mesa_columns(sizes))),
        z(arena.matrix(longest, sizes.key_size)),
        squares(arena.numbers(double(longest) * augmented_columns(longest))),
        n(arena.numbers(double(longest) * longest)),
        used(arena.used()) {}

  MatrixView<Scalar> through_state;  ///< [C, mesa_columns()]
  MatrixView<Scalar> gradient;       ///< of [S E], [C, mesa_columns()]
  MatrixView<Scalar> z;              ///< L^-1 K [C, K]
  Scalar* squares;                   ///< [C, augmented_columns(C)] or less
  Scalar* n;                         ///< [C, C]
  double used;                       ///< numbers of all of these
};

/// The backward pass of one chunk, step by step. The gradient of the state is that of [M Phi^T], of M
/// together with its transpose.
template <class Scalar>
class ChunkBackward {
 public:
  ChunkBackward(const HeadSizes& sizes, const HeadTensors<Scalar>& head, const Chunk& chunk,
                const KeptChunk<Scalar>& kept, const Scratch<Scalar>& scratch,
                const HeadGradients<Scalar>& gradients)
      : sizes_(sizes),
        queries_(chunk.of(head.queries)),
        keys_(chunk.of(head.keys)),
        scalars_(learned_scalars(head)),
        kept_(kept),
        gradients_(gradients),
        state_gradient_(gradients.state, sizes.key_size, mesa_columns(sizes)),
        state_gradients_(state_gradient_, sizes),
        gradient_(scratch.gradient.row_range(0, chunk.count)),
        parts_(gradient_, sizes),
        n_(scratch.n, chunk.count, chunk.count),
        z_(scratch.z.row_range(0, chunk.count)),
        through_state_(scratch.through_state.row_range(0, chunk.count).column_range(0, sizes.key_size)),
        square_(scratch.squares, chunk.count, chunk.count) {}

  /// Returns the chunk's part of the gradients of lambda and gamma; the latter is 0 where gamma is 1.
  LearnedScalars<Scalar> run() {
    output_backward();
    factor_backward();
    state_backward();
    keys_and_values_backward();
    return scalar_gradients_;
  }

 private:
  /// To the gradients of S and E, and of the state before the chunk through Phi.
  void output_backward() {
    const LinearChunk<Scalar> part = {queries_, kept_.gains, kept_.errors, kept_.phi, kept_.scores};
    linear_chunk_backward<Scalar>(
        part, {gradients_.output, {}, gradients_.queries, parts_.of_keys, parts_.of_values}, square_);
    if (kept_.next_state.data) {
      scalar_gradients_.forget_factor =
          next_state_backward(scalars_.forget_factor, kept_, state_gradients_, state_gradient_, gradient_);
    }
    if (kept_.state.data)
      multiply_accumulate(queries_.transposed(), gradients_.output, state_gradients_.of_values);
  }

  /// With [S E]' for the gradient of [S E], N is the lower triangle of [S E]' [S E]^T, with half of its
  /// diagonal, and the gradient of L L^T is -L^-T (N + N^T) L^-1 / 2. From here on Z = L^-1 K.
  void factor_backward() {
    const int columns = sizes_.key_size + sizes_.value_size;
    const MatrixView<const Scalar> inverse_factor = kept_.inverse_factor;
    causal_scores(read_only(gradient_).column_range(0, columns),
                  read_only(kept_.gains_errors).column_range(0, columns), n_);
    for (int t = 0; t < n_.rows; ++t) n_(t, t) /= 2;
    if (scalars_.forget_factor != 1) {
      scalar_gradients_.forget_factor +=
          powers_backward(scalars_.forget_factor, inverse_factor, read_only(n_), square_);
    }
    multiply(inverse_factor, keys_, z_, Triangle::left_lower);
    multiply_accumulate(read_only(n_), read_only(z_), parts_.of_keys, Triangle::left_lower);
  }

  /// The gradient of M, together with its transpose, gets Z^T (S' + N Z) and its transpose, that of Phi^T
  /// gets Z^T E'.
  void state_backward() {
    if (kept_.state.data) {
      halve(state_gradients_.of_keys);
      multiply_accumulate(read_only(z_).transposed(), read_only(gradient_), state_gradient_);
      add_transpose(state_gradients_.of_keys);
      return;
    }
    for (int k = 0; k < sizes_.key_size; ++k) scalar_gradients_.inverse_ridge -= state_gradient_(k, k) / 2;
    scalar_gradients_.inverse_ridge -= dot_rows(read_only(z_), read_only(parts_.of_keys));
  }

  /// The gradient of K is L^-T [S' + (N + N^T) Z, E'] [M Phi^T]^T, and that of V is -L^-T E'.
  void keys_and_values_backward() {
    const int columns = sizes_.key_size + sizes_.value_size;
    const MatrixView<const Scalar> inverse_factor = kept_.inverse_factor;
    multiply_accumulate(read_only(n_).transposed(), read_only(z_), parts_.of_keys, Triangle::left_upper);
    if (kept_.state.data) {
      multiply(read_only(gradient_).column_range(0, columns),
               read_only(kept_.state).column_range(0, columns).transposed(), through_state_);
    } else {
      scale_rows(-scalars_.inverse_ridge, read_only(parts_.of_keys), through_state_);
    }
    multiply(inverse_factor.transposed(), read_only(through_state_), gradients_.keys, Triangle::left_upper);
    if (!gradients_.values.data) return;
    multiply(inverse_factor.transposed(), read_only(parts_.of_values), gradients_.values,
             Triangle::left_upper);
    scale_rows(Scalar(-1), read_only(gradients_.values), gradients_.values);
  }

  HeadSizes sizes_;
  MatrixView<const Scalar> queries_;  ///< [C, K]
  MatrixView<const Scalar> keys_;     ///< [C, K]
  LearnedScalars<Scalar> scalars_;
  LearnedScalars<Scalar> scalar_gradients_ = {0, 0};
  const KeptChunk<Scalar>& kept_;
  const HeadGradients<Scalar>& gradients_;
  MatrixView<Scalar> state_gradient_;  ///< [K, mesa_columns()]
  Parts<Scalar> state_gradients_;
  MatrixView<Scalar> gradient_;  ///< of [S E], [C, mesa_columns()]
  Parts<Scalar> parts_;
  MatrixView<Scalar> n_;              ///< N [C, C]
  MatrixView<Scalar> z_;              ///< Z [C, K]
  MatrixView<Scalar> through_state_;  ///< [C, K]
  MatrixView<Scalar> square_;         ///< [C, C]
};

template <class Scalar>
class MesaHead final : public AttentionHead<Scalar> {
 public:
  explicit MesaHead(const HeadSizes& sizes)
      : AttentionHead<Scalar>(sizes, Chunks(sizes.positions, kLengths)) {
    Arena<Scalar> kept;
    const Kept<Scalar> counted(sizes, this->chunks(), kept);
    const Scratch<Scalar> scratch(sizes, this->chunks().longest(), {});
    this->set_memory({kept.used(), scratch.used, double(sizes.key_size) * mesa_columns(sizes)});
  }

  void forward(const HeadTensors<Scalar>& head, const Chunk& chunk) const override {
    const LearnedScalars<Scalar> scalars = learned_scalars(head);
    const KeptChunk<Scalar> kept = kept_of(head, chunk);
    const Scratch<Scalar> scratch = scratch_of(head);
    const MatrixView<const Scalar> keys = chunk.of(head.keys);
    const MatrixView<const Scalar> values = chunk.of(head.values);
    const int count = chunk.count;

    const MatrixView<Scalar> through_state = scratch.through_state.row_range(0, count);
    const Parts<Scalar> parts(through_state, this->sizes());
    multiply_by_state(keys, read_only(kept.state), scalars.inverse_ridge, through_state);
    const MatrixView<Scalar> augmented(scratch.squares, count, augmented_columns(count));
    multiply(read_only(parts.of_keys), keys.transposed(), augmented.column_range(0, count),
             Triangle::result_upper);
    inverse_cholesky_factor(augmented, scalars.forget_factor, kept.inverse_factor);
    for (int t = 0; t < count; ++t) {
      Scalar* error = &parts.of_values(t, 0);
      combine(Scalar(1), error, Scalar(-1), &values(t, 0), error, values.columns);
    }
    multiply(read_only(kept.inverse_factor), read_only(through_state), kept.gains_errors,
             Triangle::left_lower);
    const LinearChunk<Scalar> part = {chunk.of(head.queries), kept.gains, kept.errors, kept.phi, kept.scores};
    linear_chunk_forward(part, chunk.of(head.output));
    if (kept.next_state.data) advance(scalars, kept);
  }

  void backward(const HeadTensors<Scalar>& head, const Chunk& chunk,
                const HeadGradients<Scalar>& gradients) const override {
    const LearnedScalars<Scalar> scalars = learned_scalars(head);
    const KeptChunk<Scalar> kept = kept_of(head, chunk);
    const LearnedScalars<Scalar> gradient =
        ChunkBackward<Scalar>(this->sizes(), head, chunk, kept, scratch_of(head), gradients).run();
    gradients.log_inverse_ridge(0, 0) += gradient.inverse_ridge * scalars.inverse_ridge;
    if (!gradients.forget_logit.data) return;
    const Scalar gamma = scalars.forget_factor;
    gradients.forget_logit(0, 0) += gradient.forget_factor * gamma * (1 - gamma);
  }

  /// Gains are kept each to a scale of its own, g_t / l_t; scores with those become scores with g_t.
  void scores(const HeadTensors<Scalar>& head, const MatrixView<Scalar>& scores) const override {
    Arena<Scalar> arena(head.kept);
    const Kept<Scalar> kept(this->sizes(), this->chunks(), arena);
    causal_scores(head.queries, read_only(kept.gains_errors).column_range(0, head.keys.columns), scores);
    for (int c = 0; c < this->chunks().count(); ++c) {
      const Chunk chunk = this->chunks()[c];
      for (int i = 0; i < chunk.count; ++i) {
        const Scalar scale = kept.inverse_factors(chunk.first + i, i);
        for (int t = 0; t < scores.rows; ++t) scores(t, chunk.first + i) *= scale;
      }
    }
  }

 private:
  KeptChunk<Scalar> kept_of(const HeadTensors<Scalar>& head, const Chunk& chunk) const {
    Arena<Scalar> arena(head.kept);
    return {Kept<Scalar>(this->sizes(), this->chunks(), arena), this->sizes(), chunk};
  }
  Scratch<Scalar> scratch_of(const HeadTensors<Scalar>& head) const {
    return {this->sizes(), this->chunks().longest(), Arena<Scalar>(head.scratch)};
  }
};

}  // namespace

template <class Scalar>
std::unique_ptr<const AttentionHead<Scalar>> make_mesa_head(const HeadSizes& sizes) {
  return std::make_unique<MesaHead<Scalar>>(sizes);
}

template std::unique_ptr<const AttentionHead<float>> make_mesa_head(const HeadSizes&);
template std::unique_ptr<const AttentionHead<double>> make_mesa_head(const HeadSizes&);

}  // namespace mesa
