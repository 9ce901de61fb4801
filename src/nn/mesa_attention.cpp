#include "nn/mesa_attention.h"

#include <algorithm>
#include <vector>

#include "core/cholesky.h"
#include "core/elementary.h"
#include "core/matrix_product.h"
#include "core/simd.h"
#include "core/vector_arithmetic.h"
#include "nn/causal_product.h"
#include "nn/linear_attention.h"
#include "nn/scratch.h"

namespace mesa {
namespace {

/// Of [S E], of a state or of the gradient of either the part that belongs to keys [., K] and that to values
/// [., V].
template <class Scalar>
struct Parts {
  Parts(const MatrixView<Scalar>& both, int key_size, int value_size)
      : of_keys(both.column_range(0, key_size)), of_values(both.column_range(key_size, value_size)) {}

  MatrixView<Scalar> of_keys;
  MatrixView<Scalar> of_values;
};

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
void advance(const MesaScalars<Scalar>& scalars, const MatrixView<const Scalar>& state,
             const MatrixView<const Scalar>& gains, const MatrixView<const Scalar>& gains_errors,
             const MatrixView<Scalar>& next_state) {
  const MatrixView<Scalar> inverse = next_state.column_range(0, gains.columns);
  if (state.data) {
    std::copy_n(state.data, std::ptrdiff_t(state.rows) * state.columns, next_state.data);
  } else {
    clear(next_state);
    for (int k = 0; k < inverse.rows; ++k) inverse(k, k) = -scalars.inverse_ridge;
  }
  multiply_accumulate(gains.transposed(), gains_errors, next_state);
  if (scalars.forget_factor != 1)
    scale_rows(Scalar(power(1 / scalars.forget_factor, gains.rows)), read_only(inverse), inverse);
}

/// From the gradient of the state behind a chunk to that of what the chunk made before it forgot, and adds to
/// that of [S E] what comes through it. Returns that of gamma, 0 where gamma is 1.
template <class Scalar>
Scalar next_state_backward(const Chunk& chunk, Scalar gamma, const MesaActivations<Scalar>& activations,
                           const MatrixView<Scalar>& state_gradient, const MatrixView<Scalar>& gradient) {
  const int key_size = activations.key_size;
  const auto [of_keys, of_values] = Parts<Scalar>(state_gradient, key_size, activations.value_size);
  Scalar gamma_gradient = 0;
  if (gamma != 1) {
    const auto next_inverse = read_only(activations.next_state).column_range(0, key_size);
    gamma_gradient = -Scalar(chunk.count) / gamma * dot_rows(read_only(of_keys), next_inverse) / 2;
    scale_rows(Scalar(power(1 / gamma, chunk.count)), read_only(of_keys), of_keys);
  }
  multiply_accumulate(read_only(chunk.of(activations.gains())), read_only(state_gradient), gradient);
  multiply_accumulate(read_only(chunk.of(activations.errors())), read_only(of_values).transposed(),
                      gradient.column_range(0, key_size));
  return gamma_gradient;
}

/// The gradient of gamma through its powers in the diagonal of L L^T, from N.
template <class Scalar>
Scalar powers_backward(Scalar gamma, const MatrixView<const Scalar>& inverse_factor,
                       const MatrixView<const Scalar>& n) {
  thread_local std::vector<Scalar> scratch;
  const int count = n.rows;
  const MatrixView<Scalar> product = scratch_matrix(scratch, count, count);
  multiply(n, inverse_factor, product, Triangle::left_lower);
  Scalar sum = 0;
  Scalar age_weight = 1;
  for (int t = 0; t < count; ++t, age_weight *= gamma) {
    for (int i = t; i < count; ++i) sum -= Scalar(t + 1) * age_weight * inverse_factor(i, t) * product(i, t);
  }
  return sum;
}

}  // namespace

template <class Scalar>
void mesa_attention_forward(const Chunk& chunk, const MatrixView<const Scalar>& queries,
                            const MatrixView<const Scalar>& keys, const MatrixView<const Scalar>& values,
                            const MesaScalars<Scalar>& scalars, const MesaActivations<Scalar>& activations,
                            const MatrixView<Scalar>& mixed) {
  thread_local std::vector<Scalar> scratch[2];
  const int count = chunk.count;
  const MatrixView<const Scalar> own_keys = chunk.of(keys);
  const MatrixView<Scalar> gains_errors = chunk.of(activations.gains_errors);
  const MatrixView<const Scalar> gains = read_only(chunk.of(activations.gains()));
  const MatrixView<Scalar> inverse_factor = chunk.of(activations.inverse_factors).column_range(0, count);

  const MatrixView<Scalar> through_state = scratch_matrix(scratch[0], count, gains_errors.columns);
  const Parts<Scalar> parts(through_state, keys.columns, values.columns);
  multiply_by_state(own_keys, read_only(activations.state), scalars.inverse_ridge, through_state);
  const MatrixView<Scalar> augmented = scratch_matrix(scratch[1], count, augmented_columns(count));
  multiply(read_only(parts.of_keys), own_keys.transposed(), augmented.column_range(0, count),
           Triangle::result_upper);
  inverse_cholesky_factor(augmented, scalars.forget_factor, inverse_factor);
  for (int t = 0; t < count; ++t) {
    Scalar* error = &parts.of_values(t, 0);
    combine(Scalar(1), error, Scalar(-1), &values(chunk.first + t, 0), error, values.columns);
  }
  multiply(read_only(inverse_factor), read_only(through_state), gains_errors, Triangle::left_lower);
  linear_attention_forward(chunk.of(queries), gains, read_only(chunk.of(activations.errors())),
                           activations.phi(), activations.scores, chunk.of(mixed), {});
  if (activations.next_state.data)
    advance(scalars, read_only(activations.state), gains, read_only(gains_errors), activations.next_state);
}

template <class Scalar>
MesaScalars<Scalar> mesa_attention_backward(
    const Chunk& chunk, const MatrixView<const Scalar>& queries, const MatrixView<const Scalar>& keys,
    const MesaScalars<Scalar>& scalars, const MesaActivations<Scalar>& activations,
    const MatrixView<const Scalar>& mixed_gradient, const MatrixView<Scalar>& state_gradient,
    const MatrixView<Scalar>& query_gradient, const MatrixView<Scalar>& key_gradient,
    const MatrixView<Scalar>& value_gradient) {
  thread_local std::vector<Scalar> scratch[4];
  const int count = chunk.count;
  const int key_size = keys.columns;
  const int value_size = value_gradient.columns;
  const Scalar gamma = scalars.forget_factor;
  const MatrixView<const Scalar> state = activations.state;
  const MatrixView<const Scalar> inverse_factor =
      read_only(chunk.of(activations.inverse_factors)).column_range(0, count);
  const Parts<Scalar> state_gradients(state_gradient, key_size, value_size);
  MesaScalars<Scalar> result = {0, 0};

  // Of S and E, and of the state behind the chunk that they went into, zero after the last.
  const MatrixView<Scalar> gradient = scratch_matrix(scratch[0], count, state_gradient.columns);
  const Parts<Scalar> gradients(gradient, key_size, value_size);
  linear_attention_backward(chunk.of(queries), read_only(chunk.of(activations.gains())),
                            read_only(chunk.of(activations.errors())), activations.phi(),
                            read_only(activations.scores), mixed_gradient, {}, query_gradient,
                            gradients.of_keys, gradients.of_values);
  if (activations.next_state.data)
    result.forget_factor = next_state_backward(chunk, gamma, activations, state_gradient, gradient);
  if (state.data)
    multiply_accumulate(chunk.of(queries).transposed(), mixed_gradient, state_gradients.of_values);

  // Of L: with [S E]' for the gradient of [S E], N is the lower triangle of [S E]' [S E]^T, of its diagonal
  // half, and the gradient of L L^T is -L^-T (N + N^T) L^-1 / 2. From here on Z = L^-1 K.
  const int columns = key_size + value_size;
  const MatrixView<Scalar> n = scratch_matrix(scratch[1], count, count);
  causal_scores(read_only(gradient).column_range(0, columns),
                read_only(chunk.of(activations.gains_errors)).column_range(0, columns), n);
  for (int t = 0; t < count; ++t) n(t, t) /= 2;
  if (gamma != 1) result.forget_factor += powers_backward(gamma, inverse_factor, read_only(n));
  const MatrixView<Scalar> z = scratch_matrix(scratch[2], count, key_size);
  multiply(inverse_factor, chunk.of(keys), z, Triangle::left_lower);

  // Of the state: to that of M, together with its transpose, comes Z^T (S' + N Z) and its transpose, to that
  // of Phi^T Z^T E'.
  multiply_accumulate(read_only(n), read_only(z), gradients.of_keys, Triangle::left_lower);
  if (state.data) {
    halve(state_gradients.of_keys);
    multiply_accumulate(read_only(z).transposed(), read_only(gradient), state_gradient);
    add_transpose(state_gradients.of_keys);
  } else {
    for (int k = 0; k < key_size; ++k) result.inverse_ridge -= state_gradient(k, k) / 2;
    result.inverse_ridge -= dot_rows(read_only(z), read_only(gradients.of_keys));
  }

  // That of K is L^-T [S' + (N + N^T) Z, E'] [M Phi^T]^T, and that of V -L^-T E'.
  multiply_accumulate(read_only(n).transposed(), read_only(z), gradients.of_keys, Triangle::left_upper);
  const MatrixView<Scalar> through_state = scratch_matrix(scratch[3], count, key_size);
  if (state.data) {
    multiply(read_only(gradient).column_range(0, columns), state.column_range(0, columns).transposed(),
             through_state);
  } else {
    scale_rows(-scalars.inverse_ridge, read_only(gradients.of_keys), through_state);
  }
  multiply(inverse_factor.transposed(), read_only(through_state), key_gradient, Triangle::left_upper);
  multiply(inverse_factor.transposed(), read_only(gradients.of_values), value_gradient, Triangle::left_upper);
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
