#include "nn/mesa_attention.h"

#include <algorithm>
#include <vector>

#include "core/elementary.h"
#include "core/elimination.h"
#include "core/matrix_product.h"
#include "core/vector_arithmetic.h"
#include "nn/causal_product.h"
#include "nn/linear_attention.h"
#include "nn/scratch.h"

namespace mesa {
namespace {

/// Of a state, of its gradient or of what stands beside it row by row: the part of R [., K] and that of Phi^T
/// [., V].
template <class Scalar>
struct Parts {
  Parts(const MatrixView<Scalar>& both, int key_size, int value_size)
      : inverse(both.column_range(0, key_size)), phi(both.column_range(key_size, value_size)) {}

  MatrixView<Scalar> inverse;
  MatrixView<Scalar> phi;
};

template <class Scalar>
void clear(const MatrixView<Scalar>& matrix) {
  for (int i = 0; i < matrix.rows; ++i) std::fill_n(&matrix(i, 0), matrix.columns, Scalar{0});
}

/// to = factor * from. Columns that `to` has more are left alone.
template <class Scalar>
void scale_rows(Scalar factor, const MatrixView<const Scalar>& from, const MatrixView<Scalar>& to) {
  for (int i = 0; i < to.rows; ++i) scale(factor, &from(i, 0), &to(i, 0), from.columns);
}

/// matrix = half the sum of itself and its transpose.
template <class Scalar>
void make_symmetric(const MatrixView<Scalar>& matrix) {
  for (int i = 1; i < matrix.rows; ++i) {
    Scalar* below = &matrix(i, 0);
    Scalar* above = &matrix(0, i);
    for (int j = 0; j < i; ++j, above += matrix.row_stride) below[j] = *above = (below[j] + *above) / 2;
  }
}

/// The sum over all entries of products of entries.
template <class Scalar>
Scalar dot_rows(const MatrixView<const Scalar>& a, const MatrixView<const Scalar>& b) {
  Scalar sum = 0;
  for (int i = 0; i < a.rows; ++i) sum += dot(&a(i, 0), &b(i, 0), a.columns);
  return sum;
}

/// R times the rows of `left` [C, K], and Phi times them, side by side.
template <class Scalar>
void multiply_by_state(const MatrixView<const Scalar>& left, const MatrixView<const Scalar>& state,
                       Scalar inverse_ridge, const MatrixView<Scalar>& result) {
  if (state.data) return multiply(left, state, result);
  clear(result);
  scale_rows(inverse_ridge, left, result);
}

/// L^-1 and D of a chunk, from its keys and them times R.
template <class Scalar>
void eliminate_positions(const MatrixView<const Scalar>& keys, const MatrixView<const Scalar>& inverse_keys,
                         Scalar forget_factor, const MatrixView<Scalar>& inverse_factor,
                         const MatrixView<Scalar>& pivots) {
  thread_local std::vector<Scalar> scratch;
  const int count = keys.rows;
  const MatrixView<Scalar> augmented = scratch_matrix(scratch, count, 2 * count);
  multiply(inverse_keys, keys.transposed(), augmented.column_range(0, count));
  const MatrixView<Scalar> identity = augmented.column_range(count, count);
  clear(identity);
  Scalar age_weight = 1;
  for (int t = 0; t < count; ++t) {
    pivots(t, 0) = age_weight *= forget_factor;
    identity(t, t) = 1;
  }
  eliminate(augmented, pivots);
  scale_rows(Scalar(1), read_only(identity), inverse_factor);
}

/// The state after a chunk from that before it.
template <class Scalar>
void advance(const MesaScalars<Scalar>& scalars, const MatrixView<const Scalar>& state,
             const MatrixView<const Scalar>& gains, const MatrixView<const Scalar>& eliminated,
             const MatrixView<Scalar>& next_state) {
  const int key_size = gains.columns;
  if (state.data) {
    scale_rows(Scalar(1), state, next_state);
  } else {
    clear(next_state);
    for (int k = 0; k < key_size; ++k) next_state(k, k) = scalars.inverse_ridge;
  }
  multiply_accumulate(gains.transposed(), eliminated, next_state);
  const MatrixView<Scalar> inverse = next_state.column_range(0, key_size);
  // To the last bit, else forgetting would let what is not symmetric grow.
  make_symmetric(inverse);
  if (scalars.forget_factor != 1)
    scale_rows(Scalar(power(1 / scalars.forget_factor, gains.rows)), read_only(inverse), inverse);
}

/// From the gradient of a chunk's gains, and N = gamma^-C times that of R behind it, empty where there is no
/// chunk, to that of S. pivot_gradient [C, 1] becomes that of D. Overwrites gain_gradient.
template <class Scalar>
void gains_backward(const MatrixView<const Scalar>& gains, const MatrixView<const Scalar>& pivots,
                    const MatrixView<const Scalar>& inverse_gradient, const MatrixView<Scalar>& gain_gradient,
                    const MatrixView<Scalar>& gradient, const MatrixView<Scalar>& pivot_gradient) {
  if (inverse_gradient.data) {
    multiply(gains, inverse_gradient, gradient);
  } else {
    clear(gradient);
  }
  for (int t = 0; t < gains.rows; ++t) {
    // N acts on S as the gain's factor and as the other one.
    Scalar* through_inverse = &gradient(t, 0);
    Scalar* through_gain = &gain_gradient(t, 0);
    combine(Scalar(1), through_inverse, -1 / pivots(t, 0), through_gain, through_gain, gains.columns);
    pivot_gradient(t, 0) = dot(through_gain, &gains(t, 0), gains.columns);
    combine(Scalar(1), through_inverse, Scalar(1), through_gain, through_inverse, gains.columns);
  }
}

/// The gradient of A = L D L^T is L^-T H L^-1; this is H + H^T [C, C]. The lower triangle of H is that of L^T
/// times the gradient of L, times D^-1, with the gradient of D in the diagonal; the former, with the gradient
/// X [C, K + V] of [S E], is that of -X [S E]^T.
template <class Scalar>
void factors_backward(const MatrixView<const Scalar>& eliminated, const MatrixView<const Scalar>& pivots,
                      const MatrixView<const Scalar>& gradient,
                      const MatrixView<const Scalar>& pivot_gradient, const MatrixView<Scalar>& result) {
  strictly_causal_scores(gradient, eliminated, result);
  for (int past = 0; past < result.rows; ++past) {
    const Scalar factor = -1 / pivots(past, 0);
    Scalar* beside = &result(past, 0);
    Scalar* below = &result(past, past);
    *below = 2 * pivot_gradient(past, 0);
    for (int t = past + 1; t < result.rows; ++t) {
      below += result.row_stride;
      beside[t] = *below *= factor;
    }
  }
}

/// That of gamma through the powers of it in the diagonal of A, from L^-1 and H + H^T.
template <class Scalar>
Scalar powers_backward(Scalar gamma, const MatrixView<const Scalar>& inverse_factor,
                       const MatrixView<const Scalar>& factors_gradient) {
  thread_local std::vector<Scalar> scratch;
  const int count = inverse_factor.rows;
  const MatrixView<Scalar> product = scratch_matrix(scratch, count, count);
  multiply(factors_gradient, inverse_factor, product);
  Scalar sum = 0;
  Scalar age_weight = 1;
  for (int t = 0; t < count; ++t, age_weight *= gamma) {
    Scalar twice = 0;
    for (int i = t; i < count; ++i) twice += inverse_factor(i, t) * product(i, t);
    sum += Scalar(t + 1) * age_weight * twice / 2;
  }
  return sum;
}

}  // namespace

template <class Scalar>
void mesa_attention_forward(const Chunk& chunk, const MatrixView<const Scalar>& queries,
                            const MatrixView<const Scalar>& keys, const MatrixView<const Scalar>& values,
                            const MesaScalars<Scalar>& scalars, const MesaActivations<Scalar>& activations,
                            const MatrixView<Scalar>& mixed) {
  thread_local std::vector<Scalar> scratch;
  const int count = chunk.count;
  const MatrixView<const Scalar> own_keys = chunk.of(keys);
  const MatrixView<const Scalar> state = activations.state;
  const MatrixView<Scalar> gains = chunk.of(activations.gains);
  const MatrixView<Scalar> eliminated = chunk.of(activations.eliminated);
  const MatrixView<Scalar> pivots = chunk.of(activations.pivots);
  const MatrixView<Scalar> inverse_factor = chunk.of(activations.inverse_factors).column_range(0, count);

  const MatrixView<Scalar> before = scratch_matrix(scratch, count, eliminated.columns);  // [K R, K Phi^T - V]
  const Parts<Scalar> parts(before, keys.columns, values.columns);
  multiply_by_state(own_keys, state, scalars.inverse_ridge, before);
  for (int t = 0; t < count; ++t) {
    Scalar* error = &parts.phi(t, 0);
    combine(Scalar(1), error, Scalar(-1), &values(chunk.first + t, 0), error, values.columns);
  }
  eliminate_positions(own_keys, read_only(parts.inverse), scalars.forget_factor, inverse_factor, pivots);
  multiply(read_only(inverse_factor), read_only(before), eliminated, Triangle::left_lower);
  for (int t = 0; t < count; ++t) scale(-1 / pivots(t, 0), &eliminated(t, 0), &gains(t, 0), gains.columns);
  linear_attention_forward(chunk.of(queries), read_only(gains), read_only(chunk.of(activations.errors())),
                           activations.phi(), activations.scores, chunk.of(mixed), {});
  if (activations.next_state.data)
    advance(scalars, state, read_only(gains), read_only(eliminated), activations.next_state);
}

template <class Scalar>
MesaScalars<Scalar> mesa_attention_backward(
    const Chunk& chunk, const MatrixView<const Scalar>& queries, const MatrixView<const Scalar>& keys,
    const MesaScalars<Scalar>& scalars, const MesaActivations<Scalar>& activations,
    const MatrixView<const Scalar>& mixed_gradient, const MatrixView<Scalar>& state_gradient,
    const MatrixView<Scalar>& query_gradient, const MatrixView<Scalar>& key_gradient,
    const MatrixView<Scalar>& value_gradient) {
  thread_local std::vector<Scalar> scratch[6];
  const int count = chunk.count;
  const int key_size = keys.columns;
  const int value_size = value_gradient.columns;
  const Scalar gamma = scalars.forget_factor;
  const MatrixView<const Scalar> state = activations.state;
  const MatrixView<const Scalar> gains = chunk.of(activations.gains);
  const MatrixView<const Scalar> eliminated =
      read_only(chunk.of(activations.eliminated)).column_range(0, key_size + value_size);
  const MatrixView<const Scalar> pivots = chunk.of(activations.pivots);
  const MatrixView<const Scalar> inverse_factor =
      read_only(chunk.of(activations.inverse_factors)).column_range(0, count);
  const Parts<Scalar> state_gradients(state_gradient, key_size, value_size);
  MesaScalars<Scalar> result = {0, 0};

  // Of G and E, and from them and the state behind, if there is one, of S and E.
  const bool is_last = !activations.next_state.data;
  const MatrixView<Scalar> none;
  const MatrixView<Scalar> gain_gradient = scratch_matrix(scratch[0], count, key_size);
  linear_attention_backward(chunk.of(queries), gains, eliminated.column_range(key_size, value_size),
                            activations.phi(), read_only(activations.scores), mixed_gradient,
                            is_last ? none : state_gradients.phi, query_gradient, gain_gradient,
                            value_gradient);
  if (is_last) {
    multiply(chunk.of(queries).transposed(), mixed_gradient, state_gradients.phi);
  } else if (gamma != 1) {
    const auto next_inverse = read_only(activations.next_state).column_range(0, key_size);
    result.forget_factor -=
        Scalar(count) / gamma * dot_rows(read_only(state_gradients.inverse), next_inverse);
    scale_rows(Scalar(power(1 / gamma, count)), read_only(state_gradients.inverse), state_gradients.inverse);
  }
  const MatrixView<Scalar> gradient = scratch_matrix(scratch[1], count, state_gradient.columns);
  const Parts<Scalar> gradients(gradient, key_size, value_size);
  const MatrixView<const Scalar> used = read_only(gradient).column_range(0, key_size + value_size);
  const MatrixView<Scalar> pivot_gradient = scratch_matrix(scratch[2], count, 1);
  gains_backward(gains, pivots, read_only(is_last ? none : state_gradients.inverse), gain_gradient,
                 gradients.inverse, pivot_gradient);
  scale_rows(Scalar(1), read_only(value_gradient), gradients.phi);

  // Of L and D. With B = (H + H^T) L^-1 K that of R is (L^-1 K)^T times that of S plus B / 2, made symmetric.
  const MatrixView<Scalar> factors_gradient = scratch_matrix(scratch[3], count, count);
  factors_backward(eliminated, pivots, used, read_only(pivot_gradient), factors_gradient);
  if (gamma != 1) result.forget_factor += powers_backward(gamma, inverse_factor, read_only(factors_gradient));
  const MatrixView<Scalar> inverse_keys = scratch_matrix(scratch[4], count, key_size);  // L^-1 K
  multiply(inverse_factor, chunk.of(keys), inverse_keys, Triangle::left_lower);
  const MatrixView<Scalar> added = gain_gradient;  // B, in the place of what is used up
  multiply(read_only(factors_gradient), read_only(inverse_keys), added);
  const auto add_half = [&] {
    for (int t = 0; t < count; ++t) {
      Scalar* row = &gradient(t, 0);
      combine(Scalar(1), row, Scalar(0.5), &added(t, 0), row, key_size);
    }
  };
  add_half();
  if (state.data) {
    multiply_accumulate(read_only(inverse_keys).transposed(), read_only(gradient), state_gradient);
    make_symmetric(state_gradients.inverse);
  } else {
    for (int k = 0; k < key_size; ++k) result.inverse_ridge += state_gradient(k, k);
    result.inverse_ridge += dot_rows(read_only(inverse_keys), read_only(gradients.inverse));
  }
  add_half();

  // That of K is L^-T times [that of S plus B, that of E] [R Phi^T]^T, and that of V minus L^-T times that of
  // E.
  const MatrixView<Scalar> through_state = scratch_matrix(scratch[5], count, key_size);
  if (state.data) {
    multiply(used, state.column_range(0, used.columns).transposed(), through_state);
  } else {
    scale_rows(scalars.inverse_ridge, read_only(gradients.inverse), through_state);
  }
  multiply(inverse_factor.transposed(), read_only(through_state), key_gradient, Triangle::left_upper);
  multiply(inverse_factor.transposed(), read_only(gradients.phi), value_gradient, Triangle::left_upper);
  scale_rows(Scalar(-1), read_only(value_gradient), value_gradient);
  return result;
}

#define MESA_INSTANTIATE(Scalar)                                                                         \
  template void mesa_attention_forward(const Chunk&, const MatrixView<const Scalar>&,                    \
                                       const MatrixView<const Scalar>&, const MatrixView<const Scalar>&, \
                                       const MesaScalars<Scalar>&, const MesaActivations<Scalar>&,       \
                                       const MatrixView<Scalar>&);                                       \
  template MesaScalars<Scalar> mesa_attention_backward(                                                  \
      const Chunk&, const MatrixView<const Scalar>&, const MatrixView<const Scalar>&,                    \
      const MesaScalars<Scalar>&, const MesaActivations<Scalar>&, const MatrixView<const Scalar>&,       \
      const MatrixView<Scalar>&, const MatrixView<Scalar>&, const MatrixView<Scalar>&,                   \
      const MatrixView<Scalar>&);
MESA_INSTANTIATE(float)
MESA_INSTANTIATE(double)
#undef MESA_INSTANTIATE

}  // namespace mesa
