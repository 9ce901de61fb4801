#include "nn/softmax_attention.h"

#include <cmath>

#include "core/exponential.h"
#include "core/matrix_product.h"
#include "core/simd.h"
#include "nn/causal_mask.h"

namespace mesa {
namespace {

/// The first `count` logits of a row become softmax(scale * logits).
template <class Scalar>
void softmax_forward(Scalar* row, int count, Scalar scale) {
  constexpr int kWidth = kLanes<Scalar>;
  // The largest is subtracted, so that no exponential overflows.
  Vector<Scalar> largest = broadcast(row[0]);
  for (int i = 0; i < count; i += kWidth) {
    const Vector<Scalar> logits = load_first(row + i, count - i);
    largest = larger<Scalar>(first_lanes<Scalar>(count - i) ? logits : largest, largest);
  }
  const Scalar shift = largest_lane<Scalar>(largest) * scale;
  Vector<Scalar> sum = {};
  for (int i = 0; i < count; i += kWidth) {
    const Vector<Scalar> exponentials = exponential(load_first(row + i, count - i) * scale - shift);
    sum += first_lanes<Scalar>(count - i) ? exponentials : Vector<Scalar>{};
    store_first(row + i, exponentials, count - i);
  }
  const Scalar inverse_sum = 1 / sum_of_lanes<Scalar>(sum);
  for (int i = 0; i < count; i += kWidth)
    store_first(row + i, load_first(row + i, count - i) * inverse_sum, count - i);
}

/// The other way: the gradient of probabilities becomes that of the logits.
template <class Scalar>
void softmax_backward(const Scalar* probability, Scalar* gradient, int count, Scalar scale) {
  constexpr int kWidth = kLanes<Scalar>;
  Vector<Scalar> sum = {};
  for (int i = 0; i < count; i += kWidth) {
    sum += load_first(probability + i, count - i) * load_first(gradient + i, count - i);
  }
  const auto mean = sum_of_lanes<Scalar>(sum);
  for (int i = 0; i < count; i += kWidth) {
    const Vector<Scalar> centred = load_first(gradient + i, count - i) - mean;
    store_first(gradient + i, load_first(probability + i, count - i) * centred * scale, count - i);
  }
}

}  // namespace

template <class Scalar>
void softmax_attention_forward(MatrixView<const Scalar> queries, MatrixView<const Scalar> keys,
                               MatrixView<const Scalar> values, MatrixView<Scalar> scores,
                               MatrixView<Scalar> mixed) {
  const Scalar scale = 1 / std::sqrt(Scalar(queries.columns));
  multiply(queries, keys.transposed(), scores, Triangle::result_lower);
  for (int t = 0; t < scores.rows; ++t) softmax_forward(&scores(t, 0), t + 1, scale);
  zero_above_diagonal(scores);
  multiply(read_only(scores), values, mixed, Triangle::left_lower);
}

template <class Scalar>
void softmax_attention_backward(MatrixView<const Scalar> queries, MatrixView<const Scalar> keys,
                                MatrixView<const Scalar> values, MatrixView<const Scalar> scores,
                                MatrixView<const Scalar> mixed_gradient, MatrixView<Scalar> score_gradient,
                                MatrixView<Scalar> query_gradient, MatrixView<Scalar> key_gradient,
                                MatrixView<Scalar> value_gradient) {
  const Scalar scale = 1 / std::sqrt(Scalar(queries.columns));
  multiply(mixed_gradient, values.transposed(), score_gradient, Triangle::result_lower);
  multiply(scores.transposed(), mixed_gradient, value_gradient, Triangle::left_upper);
  for (int t = 0; t < scores.rows; ++t) {
    softmax_backward(&scores(t, 0), &score_gradient(t, 0), t + 1, scale);
  }
  zero_above_diagonal(score_gradient);
  multiply(read_only(score_gradient), keys, query_gradient, Triangle::left_lower);
  multiply(read_only(score_gradient.transposed()), queries, key_gradient, Triangle::left_upper);
}

#define MESA_INSTANTIATE(Scalar)                                                                             \
  template void softmax_attention_forward(MatrixView<const Scalar>, MatrixView<const Scalar>,                \
                                          MatrixView<const Scalar>, MatrixView<Scalar>, MatrixView<Scalar>); \
  template void softmax_attention_backward(MatrixView<const Scalar>, MatrixView<const Scalar>,               \
                                           MatrixView<const Scalar>, MatrixView<const Scalar>,               \
                                           MatrixView<const Scalar>, MatrixView<Scalar>, MatrixView<Scalar>, \
                                           MatrixView<Scalar>, MatrixView<Scalar>);
MESA_INSTANTIATE(float)
MESA_INSTANTIATE(double)
#undef MESA_INSTANTIATE

}  // namespace mesa
