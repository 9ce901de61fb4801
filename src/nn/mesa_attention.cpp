#include "nn/mesa_attention.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "core/matrix_product.h"
#include "core/simd.h"
#include "core/triangular_solve.h"
#include "nn/causal_mask.h"

namespace mesa {
namespace {

/// A symmetric matrix [K, K] that changes by symmetric terms of low rank. Vectors that it takes and gives
/// have `stride` numbers, K rounded up to whole SIMD vectors with zeros.
template <class Scalar>
class SymmetricMatrix {
 public:
  SymmetricMatrix(int size, Scalar diagonal)
      : size_(size),
        stride_((size + kWidth - 1) / kWidth * kWidth),
        vectors_(std::size_t(size) * stride_ / kWidth) {
    for (int i = 0; i < size; ++i) entries()[std::size_t(i) * (stride_ + 1)] = diagonal;
  }

  [[nodiscard]] std::vector<Scalar> make_vector() const { return std::vector<Scalar>(std::size_t(stride_)); }

  [[nodiscard]] Scalar trace() const {
    Scalar sum = 0;
    for (int i = 0; i < size_; ++i) sum += entries()[std::size_t(i) * (stride_ + 1)];
    return sum;
  }

  /// M <- scale (M + sum of left right^T over the terms), which must be symmetric; then product = M factor.
  /// One pass over M. The product may not be any of the operands.
  template <std::size_t Terms>
  void update_and_multiply(const std::array<const Scalar*, Terms>& left,
                           const std::array<const Scalar*, Terms>& right, Scalar scale, const Scalar* factor,
                           Scalar* product) {
    int column = 0;
    for (; column + 3 * kWidth <= stride_; column += 3 * kWidth) {
      update_columns<3>(column, left, right, scale, factor, product);
    }
    if (column + 2 * kWidth == stride_) {
      update_columns<2>(column, left, right, scale, factor, product);
    } else if (column + kWidth == stride_) {
      update_columns<1>(column, left, right, scale, factor, product);
    }
  }

 private:
  static constexpr int kWidth = kLanes<Scalar>;

  /// [K, stride].
  Scalar* entries() { return vectors_[0].numbers; }
  const Scalar* entries() const { return vectors_[0].numbers; }

  /// Some columns of it. With three vectors of columns and two terms the right sides and the sums take 9 of
  /// 16 registers, a row of M and its factors the rest.
  template <int Vectors, std::size_t Terms>
  void update_columns(int column, const std::array<const Scalar*, Terms>& left,
                      const std::array<const Scalar*, Terms>& right, Scalar scale, const Scalar* factor,
                      Scalar* product) {
    Vector<Scalar> term[Terms][Vectors];
    for (std::size_t i = 0; i < Terms; ++i) {
      for (int j = 0; j < Vectors; ++j) term[i][j] = load(right[i] + column + j * kWidth);
    }
    Vector<Scalar> sums[Vectors] = {};
    Scalar* row = entries() + column;
    for (int k = 0; k < size_; ++k, row += stride_) {
#pragma GCC unroll 3
      for (int j = 0; j < Vectors; ++j) {
        Vector<Scalar> entry = load(row + j * kWidth);
#pragma GCC unroll 2
        for (std::size_t i = 0; i < Terms; ++i)
          entry = multiply_add<Scalar>(broadcast(left[i][k]), term[i][j], entry);
        if (scale != 1) entry *= scale;
        store(row + j * kWidth, entry);
        sums[j] = multiply_add<Scalar>(broadcast(factor[k]), entry, sums[j]);
      }
    }
    for (int j = 0; j < Vectors; ++j) store(product + column + j * kWidth, sums[j]);
  }

  int size_;
  int stride_;
  std::vector<AlignedLanes<Scalar>> vectors_;
};

template <class Scalar>
Scalar dot(const Scalar* a, const Scalar* b, int size) {
  Vector<Scalar> sum = {};
  for (int i = 0; i < size; i += kLanes<Scalar>) {
    sum = multiply_add<Scalar>(load_first(a + i, size - i), load_first(b + i, size - i), sum);
  }
  return sum_of_lanes<Scalar>(sum);
}

/// R_t for t going up. R_{t-1} k_t g_t^T is written -w_t w_t^T, so that R_t is symmetric to the last bit;
/// else forgetting would let what is not symmetric grow.
template <class Scalar>
class InverseRecursion {
 public:
  InverseRecursion(int size, const MesaScalars<Scalar>& scalars)
      : size_(size),
        inverse_forget_factor_(1 / scalars.forget_factor),
        inverse_(size, scalars.inverse_ridge),
        step_(inverse_.make_vector()),
        negative_step_(step_),
        product_(step_) {}

  /// R_{t-1} becomes R_t. Returns R_t x for a vector x [K], valid until the next call.
  const Scalar* advance(const Scalar* gain, Scalar denominator, const Scalar* x) {
    const Scalar scale = std::sqrt(denominator);
    for (int k = 0; k < size_; ++k) {
      step_[std::size_t(k)] = scale * gain[k];
      negative_step_[std::size_t(k)] = -step_[std::size_t(k)];
    }
    inverse_.template update_and_multiply<1>({negative_step_.data()}, {step_.data()}, inverse_forget_factor_,
                                             x, product_.data());
    return product_.data();
  }

 private:
  int size_;
  Scalar inverse_forget_factor_;
  SymmetricMatrix<Scalar> inverse_;
  std::vector<Scalar> step_;  ///< w_t
  std::vector<Scalar> negative_step_;
  std::vector<Scalar> product_;
};

/// g_t and its denominator at every position.
template <class Scalar>
void compute_gains(MatrixView<const Scalar> keys, const MesaScalars<Scalar>& scalars,
                   const MesaActivations<Scalar>& activations) {
  const int size = keys.columns;
  InverseRecursion<Scalar> recursion(size, scalars);
  std::vector<Scalar> first(&keys(0, 0), &keys(0, 0) + size);
  for (Scalar& number : first) number *= scalars.inverse_ridge;
  const Scalar* solved = first.data();  // R_{t-1} k_t
  for (int t = 0; t < keys.rows; ++t) {
    // R_{t-1} is positive definite, which rounding may hide where lambda |k|^2 is beyond the digits there
    // are.
    const Scalar quadratic_form = dot(&keys(t, 0), solved, size);
    const Scalar denominator = scalars.forget_factor + (quadratic_form < 0 ? 0 : quadratic_form);
    activations.denominators(t, 0) = denominator;
    for (int k = 0; k < size; ++k) activations.gains(t, k) = -solved[k] / denominator;
    if (t + 1 < keys.rows) solved = recursion.advance(&activations.gains(t, 0), denominator, &keys(t + 1, 0));
  }
}

/// From the gradients of the gains, which become those of R_{t-1} k_t, through the recursion of R_t. Adds to
/// that of the keys what does not go through R_{t-1}. Returns those of lambda and gamma.
template <class Scalar>
MesaScalars<Scalar> gains_backward(MatrixView<const Scalar> keys, const MesaScalars<Scalar>& scalars,
                                   const MesaActivations<Scalar>& activations,
                                   MatrixView<Scalar> gain_gradient, MatrixView<Scalar> key_gradient) {
  const int size = keys.columns;
  const Scalar gamma = scalars.forget_factor;
  SymmetricMatrix<Scalar> d_inverse(size, 0);  // of R_t, from all later positions
  std::vector<Scalar> solved = d_inverse.make_vector();
  std::vector<Scalar> product = solved;
  std::vector<Scalar> key = solved;
  std::vector<Scalar> half_d_solved = solved;
  Scalar d_inverse_dot_inverse = 0;
  Scalar d_gamma = 0;
  for (int t = keys.rows - 1; t >= 0; --t) {
    const Scalar* gain = &activations.gains(t, 0);
    const Scalar denominator = activations.denominators(t, 0);
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
  return {d_inverse.trace(), d_gamma};
}

/// key_gradient_t += R_{t-1} solved_gradient_t, through R_{t-1} k_t.
template <class Scalar>
void solved_backward(const MesaScalars<Scalar>& scalars, const MesaActivations<Scalar>& activations,
                     MatrixView<const Scalar> solved_gradient, MatrixView<Scalar> key_gradient) {
  const int size = key_gradient.columns;
  InverseRecursion<Scalar> recursion(size, scalars);
  for (int k = 0; k < size; ++k) key_gradient(0, k) += scalars.inverse_ridge * solved_gradient(0, k);
  for (int t = 1; t < key_gradient.rows; ++t) {
    const Scalar* product = recursion.advance(&activations.gains(t - 1, 0),
                                              activations.denominators(t - 1, 0), &solved_gradient(t, 0));
    for (int k = 0; k < size; ++k) key_gradient(t, k) += product[k];
  }
}

template <class Scalar>
void negate(MatrixView<const Scalar> from, MatrixView<Scalar> to) {
  for (int t = 0; t < from.rows; ++t) {
    for (int k = 0; k < from.columns; ++k) to(t, k) = -from(t, k);
  }
}

/// g_t' . k_t for t' < t, which the errors are a triangular system of; zeros elsewhere.
template <class Scalar>
void compute_key_scores(MatrixView<const Scalar> keys, MatrixView<const Scalar> gains,
                        MatrixView<Scalar> key_scores) {
  multiply(keys, gains.transposed(), key_scores, Triangle::result_lower);
  zero_from_diagonal(key_scores);
}

}  // namespace

template <class Scalar>
void mesa_attention_forward(MatrixView<const Scalar> queries, MatrixView<const Scalar> keys,
                            MatrixView<const Scalar> values, const MesaScalars<Scalar>& scalars,
                            const MesaActivations<Scalar>& activations, MatrixView<Scalar> mixed) {
  const MatrixView<const Scalar> gains = activations.gains;
  const MatrixView<Scalar> scores = activations.scores;
  compute_gains(keys, scalars, activations);
  compute_key_scores(keys, gains, scores);
  negate(values, activations.errors);
  solve_lower(read_only(scores), activations.errors);
  multiply(queries, gains.transposed(), scores, Triangle::result_lower);
  zero_above_diagonal(scores);
  multiply(read_only(scores), read_only(activations.errors), mixed, Triangle::left_lower);
}

template <class Scalar>
MesaScalars<Scalar> mesa_attention_backward(
    MatrixView<const Scalar> queries, MatrixView<const Scalar> keys, const MesaScalars<Scalar>& scalars,
    const MesaActivations<Scalar>& activations, MatrixView<const Scalar> mixed_gradient,
    MatrixView<Scalar> score_gradient, MatrixView<Scalar> query_gradient, MatrixView<Scalar> key_gradient,
    MatrixView<Scalar> value_gradient) {
  const MatrixView<const Scalar> gains = activations.gains;
  const MatrixView<const Scalar> errors = activations.errors;
  std::vector<Scalar> gain_gradient_numbers(std::size_t(keys.rows) * keys.columns);
  const MatrixView<Scalar> gain_gradient(gain_gradient_numbers.data(), keys.rows, keys.columns);
  const MatrixView<Scalar> error_gradient = value_gradient;

  // mixed_t = sum (g_t' . q_t) e_t'
  multiply(read_only(activations.scores.transposed()), mixed_gradient, error_gradient, Triangle::left_upper);
  multiply(mixed_gradient, errors.transposed(), score_gradient, Triangle::result_lower);
  zero_above_diagonal(score_gradient);
  multiply(read_only(score_gradient), gains, query_gradient, Triangle::left_lower);
  multiply(read_only(score_gradient.transposed()), queries, gain_gradient, Triangle::left_upper);

  // e_t = -v_t + sum (g_t' . k_t) e_t'
  compute_key_scores(keys, gains, score_gradient);
  solve_transposed(read_only(score_gradient), error_gradient);
  multiply(read_only(error_gradient), errors.transposed(), score_gradient, Triangle::result_lower);
  zero_from_diagonal(score_gradient);
  multiply(read_only(score_gradient), gains, key_gradient, Triangle::left_lower);
  multiply_accumulate(read_only(score_gradient.transposed()), keys, gain_gradient, Triangle::left_upper);
  negate(read_only(error_gradient), value_gradient);

  const MesaScalars<Scalar> gradient =
      gains_backward(keys, scalars, activations, gain_gradient, key_gradient);
  solved_backward(scalars, activations, read_only(gain_gradient), key_gradient);
  return gradient;
}

#define MESA_INSTANTIATE(Scalar)                                                                        \
  template void mesa_attention_forward(MatrixView<const Scalar>, MatrixView<const Scalar>,              \
                                       MatrixView<const Scalar>, const MesaScalars<Scalar>&,            \
                                       const MesaActivations<Scalar>&, MatrixView<Scalar>);             \
  template MesaScalars<Scalar> mesa_attention_backward(                                                 \
      MatrixView<const Scalar>, MatrixView<const Scalar>, const MesaScalars<Scalar>&,                   \
      const MesaActivations<Scalar>&, MatrixView<const Scalar>, MatrixView<Scalar>, MatrixView<Scalar>, \
      MatrixView<Scalar>, MatrixView<Scalar>);
MESA_INSTANTIATE(float)
MESA_INSTANTIATE(double)
#undef MESA_INSTANTIATE

}  // namespace mesa
