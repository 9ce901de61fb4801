#include "nn/mesa_attention.h"

#include <cmath>
#include <utility>
#include <vector>

#include "core/matrix_product.h"
#include "core/simd.h"
#include "core/triangular_solve.h"
#include "nn/causal_product.h"
#include "nn/linear_attention.h"
#include "nn/scratch.h"

namespace mesa {
namespace {

template <class Scalar>
Scalar dot(const Scalar* a, const Scalar* b, int size) {
  Vector<Scalar> sum = {};
  for (int i = 0; i < size; i += kLanes<Scalar>) {
    sum = multiply_add<Scalar>(load_first(a + i, size - i), load_first(b + i, size - i), sum);
  }
  return sum_of_lanes<Scalar>(sum);
}

/// R_{t-1} for t going up through a chunk. R_{t-1} k_t g_t^T is written -w_t w_t^T, so that R_t is symmetric
/// to the last bit; else forgetting would let what is not symmetric grow.
template <class Scalar>
class InverseRecursion {
 public:
  InverseRecursion(int size, const MesaScalars<Scalar>& scalars, const MesaActivations<Scalar>& activations)
      : size_(size),
        inverse_ridge_(scalars.inverse_ridge),
        inverse_forget_factor_(1 / scalars.forget_factor),
        gains_(activations.gains),
        denominators_(activations.denominators),
        inverse_(size, scalars.inverse_ridge),
        step_(inverse_.make_vector()),
        negative_step_(step_),
        product_(step_) {
    if (activations.inverse.data) inverse_.copy_from(activations.inverse);
  }

  /// R_{t-1} x for a vector x [K], valid until the next call; t goes up by one from the chunk's first.
  const Scalar* multiply(int t, const Scalar* x) {
    if (t == 0) {
      for (int k = 0; k < size_; ++k) product_[std::size_t(k)] = inverse_ridge_ * x[k];
      return product_.data();
    }
    const Scalar* gain = &gains_(t - 1, 0);
    const Scalar scale = std::sqrt(denominators_(t - 1, 0));
    for (int k = 0; k < size_; ++k) {
      step_[std::size_t(k)] = scale * gain[k];
      negative_step_[std::size_t(k)] = -step_[std::size_t(k)];
    }
    inverse_.template update_and_multiply<1>({negative_step_.data()}, {step_.data()}, inverse_forget_factor_,
                                             x, product_.data());
    return product_.data();
  }

  [[nodiscard]] const SymmetricMatrix<Scalar>& inverse() const { return inverse_; }

 private:
  int size_;
  Scalar inverse_ridge_;
  Scalar inverse_forget_factor_;
  MatrixView<const Scalar> gains_;
  MatrixView<const Scalar> denominators_;
  SymmetricMatrix<Scalar> inverse_;
  std::vector<Scalar> step_;  ///< w_{t-1}
  std::vector<Scalar> negative_step_;
  std::vector<Scalar> product_;
};

/// g_t and its denominator at every position of the chunk.
template <class Scalar>
void compute_gains(const Chunk& chunk, MatrixView<const Scalar> keys, const MesaScalars<Scalar>& scalars,
                   const MesaActivations<Scalar>& activations) {
  const int size = keys.columns;
  InverseRecursion<Scalar> recursion(size, scalars, activations);
  for (int t = chunk.first; t < chunk.first + chunk.count; ++t) {
    const Scalar* key = &keys(t, 0);
    const Scalar* solved = recursion.multiply(t, key);
    // R_{t-1} is positive definite, which rounding may hide where lambda |k|^2 is beyond the digits there
    // are.
    const Scalar quadratic_form = dot(key, solved, size);
    const Scalar denominator = scalars.forget_factor + (quadratic_form < 0 ? 0 : quadratic_form);
    activations.denominators(t, 0) = denominator;
    for (int k = 0; k < size; ++k) activations.gains(t, k) = -solved[k] / denominator;
  }
  if (activations.next_inverse.data) recursion.inverse().copy_to(activations.next_inverse);
}

/// From the gradients of the gains, which become those of R_{t-1} k_t, through the recursion of R_t. Adds to
/// that of the keys what does not go through R_{t-1}. All are of the chunk. Returns the gradient of gamma.
template <class Scalar>
Scalar gains_backward(MatrixView<const Scalar> keys, MatrixView<const Scalar> gains,
                      MatrixView<const Scalar> denominators, Scalar gamma, MesaCarry<Scalar>& carry,
                      MatrixView<Scalar> gain_gradient, MatrixView<Scalar> key_gradient) {
  const int size = keys.columns;
  // Of R_t, from all later positions. A local, which the compiler keeps closer than a member of the carry.
  SymmetricMatrix<Scalar> d_inverse = std::move(carry.inverse_gradient);
  Scalar d_inverse_dot_inverse = carry.gradient_dot_inverse;
  std::vector<Scalar> solved = d_inverse.make_vector();
  std::vector<Scalar> product = solved;
  std::vector<Scalar> key = solved;
  std::vector<Scalar> half_d_solved = solved;
  Scalar d_gamma = 0;
  for (int t = keys.rows - 1; t >= 0; --t) {
    const Scalar* gain = &gains(t, 0);
    const Scalar denominator = denominators(t, 0);
    Scalar* d_gain = &gain_gradient(t, 0);
    for (int k = 0; k < size; ++k) solved[std::size_t(k)] = -denominator * gain[k];

    // R_t = (R_{t-1} + solved gain^T) / gamma; the terms are what position t + 1 left: d_solved key^T, made
    // symmetric.
    d_gamma -= d_inverse_dot_inverse / gamma;
    d_inverse.template update_and_multiply<2>({half_d_solved.data(), key.data()},
                                              {key.data(), half_d_solved.data()}, 1 / gamma, solved.data(),
                                              product.data());
    for (int k = 0; k < size; ++k) d_gain[k] += product[std::size_t(k)];
    d_inverse_dot_inverse -= dot(gain, product.data(), size);
    // gain = -solved / denominator, denominator = gamma + key . solved
    const Scalar d_denominator = -dot<Scalar>(d_gain, gain, size) / denominator;
    d_gamma += d_denominator;
    for (int k = 0; k < size; ++k) {
      const auto at = std::size_t(k);
      key[at] = keys(t, k);
      key_gradient(t, k) += d_denominator * solved[at];
      // Now the gain's gradient is used up, its place takes that of solved.
      d_gain[k] = d_denominator * key[at] - (product[at] + d_gain[k]) / denominator;
      half_d_solved[at] = d_gain[k] / 2;
    }
    d_inverse_dot_inverse += dot<Scalar>(d_gain, solved.data(), size);
  }
  d_inverse.template update_and_multiply<2>({half_d_solved.data(), key.data()},
                                            {key.data(), half_d_solved.data()}, 1, solved.data(),
                                            product.data());
  carry = {std::move(d_inverse), d_inverse_dot_inverse};
  return d_gamma;
}

/// key_gradient_t += R_{t-1} solved_gradient_t, through R_{t-1} k_t; both of the chunk.
template <class Scalar>
void solved_backward(const Chunk& chunk, const MesaScalars<Scalar>& scalars,
                     const MesaActivations<Scalar>& activations, MatrixView<const Scalar> solved_gradient,
                     MatrixView<Scalar> key_gradient) {
  const int size = key_gradient.columns;
  InverseRecursion<Scalar> recursion(size, scalars, activations);
  for (int i = 0; i < chunk.count; ++i) {
    const Scalar* product = recursion.multiply(chunk.first + i, &solved_gradient(i, 0));
    for (int k = 0; k < size; ++k) key_gradient(i, k) += product[k];
  }
}

template <class Scalar>
void negate(MatrixView<const Scalar> from, MatrixView<Scalar> to) {
  for (int t = 0; t < from.rows; ++t) {
    for (int k = 0; k < from.columns; ++k) to(t, k) = -from(t, k);
  }
}

/// The errors of a chunk from its gains and the state before it. Overwrites scores [C, C].
template <class Scalar>
void errors_forward(MatrixView<const Scalar> keys, MatrixView<const Scalar> values,
                    MatrixView<const Scalar> gains, MatrixView<const Scalar> state, MatrixView<Scalar> scores,
                    MatrixView<Scalar> errors) {
  negate(values, errors);
  if (state.data) multiply_accumulate(keys, state, errors);
  strictly_causal_scores(keys, gains, scores);
  solve_lower(read_only(scores), errors);
}

/// The other way: the gradient of the errors becomes that of minus the values. Adds to those of the gains and
/// of the state before the chunk, if any; that of the keys is overwritten.
template <class Scalar>
void errors_backward(MatrixView<const Scalar> keys, MatrixView<const Scalar> gains,
                     MatrixView<const Scalar> errors, MatrixView<const Scalar> state,
                     MatrixView<Scalar> error_gradient, MatrixView<Scalar> key_gradient,
                     MatrixView<Scalar> gain_gradient, MatrixView<Scalar> state_gradient) {
  thread_local std::vector<Scalar> scratch;
  const MatrixView<Scalar> scores = scratch_matrix(scratch, keys.rows, keys.rows);
  strictly_causal_scores(keys, gains, scores);
  solve_transposed(read_only(scores), error_gradient);
  const MatrixView<Scalar> score_gradient = scores;
  strictly_causal_scores(read_only(error_gradient), errors, score_gradient);
  multiply_causal(read_only(score_gradient), gains, key_gradient);
  multiply_causal_transposed(read_only(score_gradient), keys, gain_gradient, true);
  if (state.data) multiply_accumulate(read_only(error_gradient), state.transposed(), key_gradient);
  if (!state_gradient.data) return;
  multiply_accumulate(keys.transposed(), read_only(error_gradient), state_gradient);
}

}  // namespace

template <class Scalar>
void mesa_attention_forward(const Chunk& chunk, MatrixView<const Scalar> queries,
                            MatrixView<const Scalar> keys, MatrixView<const Scalar> values,
                            const MesaScalars<Scalar>& scalars, const MesaActivations<Scalar>& activations,
                            MatrixView<Scalar> mixed) {
  compute_gains(chunk, keys, scalars, activations);
  const MatrixView<const Scalar> gains = chunk.of(activations.gains);
  const MatrixView<Scalar> errors = chunk.of(activations.errors);
  const MatrixView<const Scalar> state = activations.state;
  errors_forward(chunk.of(keys), chunk.of(values), gains, state, activations.scores, errors);
  linear_attention_forward(chunk.of(queries), gains, read_only(errors), state, activations.scores,
                           chunk.of(mixed), activations.next_state);
}

template <class Scalar>
MesaScalars<Scalar> mesa_attention_backward(
    const Chunk& chunk, MatrixView<const Scalar> queries, MatrixView<const Scalar> keys,
    const MesaScalars<Scalar>& scalars, const MesaActivations<Scalar>& activations,
    MatrixView<const Scalar> mixed_gradient, MatrixView<Scalar> state_gradient, MesaCarry<Scalar>& carry,
    MatrixView<Scalar> query_gradient, MatrixView<Scalar> key_gradient, MatrixView<Scalar> value_gradient) {
  const MatrixView<const Scalar> gains = chunk.of(activations.gains);
  const MatrixView<const Scalar> errors = chunk.of(activations.errors);
  const MatrixView<const Scalar> state = activations.state;
  const MatrixView<Scalar> error_gradient = value_gradient;
  thread_local std::vector<Scalar> scratch;
  const MatrixView<Scalar> gain_gradient = scratch_matrix(scratch, chunk.count, keys.columns);
  linear_attention_backward(chunk.of(queries), gains, errors, state, read_only(activations.scores),
                            mixed_gradient, state_gradient, query_gradient, gain_gradient, error_gradient);
  errors_backward(chunk.of(keys), gains, errors, state, error_gradient, key_gradient, gain_gradient,
                  state_gradient);
  negate(read_only(error_gradient), error_gradient);
  const Scalar d_gamma = gains_backward(chunk.of(keys), gains, read_only(chunk.of(activations.denominators)),
                                        scalars.forget_factor, carry, gain_gradient, key_gradient);
  solved_backward(chunk, scalars, activations, read_only(gain_gradient), key_gradient);
  return {chunk.first == 0 ? carry.inverse_gradient.trace() : 0, d_gamma};
}

#define MESA_INSTANTIATE(Scalar)                                                                         \
  template void mesa_attention_forward(const Chunk&, MatrixView<const Scalar>, MatrixView<const Scalar>, \
                                       MatrixView<const Scalar>, const MesaScalars<Scalar>&,             \
                                       const MesaActivations<Scalar>&, MatrixView<Scalar>);              \
  template MesaScalars<Scalar> mesa_attention_backward(                                                  \
      const Chunk&, MatrixView<const Scalar>, MatrixView<const Scalar>, const MesaScalars<Scalar>&,      \
      const MesaActivations<Scalar>&, MatrixView<const Scalar>, MatrixView<Scalar>, MesaCarry<Scalar>&,  \
      MatrixView<Scalar>, MatrixView<Scalar>, MatrixView<Scalar>);
MESA_INSTANTIATE(float)
MESA_INSTANTIATE(double)
#undef MESA_INSTANTIATE

}  // namespace mesa
