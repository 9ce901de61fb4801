#include "nn/softmax_attention.h"

#include <cmath>
#include <vector>

#include "core/exponential.h"
#include "core/simd.h"
#include "nn/causal_product.h"
#include "nn/scratch.h"

namespace mesa {
namespace {

/// What the logits of queries [T, K] are multiplied with.
template <class Scalar>
Scalar logit_scale(const MatrixView<const Scalar>& queries) {
  return 1 / std::sqrt(Scalar(queries.columns));
}

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
void softmax_scores(const MatrixView<const Scalar>& queries, const MatrixView<const Scalar>& keys,
                    const MatrixView<Scalar>& scores) {
  causal_scores(queries, keys, scores);
  const int past = keys.rows - queries.rows;
  for (int t = 0; t < scores.rows; ++t) {
    softmax_forward(&scores(t, 0), past + t + 1, logit_scale(queries));
  }
}

template <class Scalar>
void softmax_attention_forward(const MatrixView<const Scalar>& queries, const MatrixView<const Scalar>& keys,
                               const MatrixView<const Scalar>& values, const MatrixView<Scalar>& scores,
                               const MatrixView<Scalar>& mixed) {
  softmax_scores(queries, keys, scores);
  multiply_causal(read_only(scores), values, mixed);
}

template <class Scalar>
void softmax_attention_backward(const MatrixView<const Scalar>& queries, const MatrixView<const Scalar>& keys,
                                const MatrixView<const Scalar>& values,
                                const MatrixView<const Scalar>& scores,
                                const MatrixView<const Scalar>& mixed_gradient,
                                const MatrixView<Scalar>& query_gradient,
                                const MatrixView<Scalar>& key_gradient,
                                const MatrixView<Scalar>& value_gradient, bool accumulate) {
  thread_local std::vector<Scalar> scratch;
  const MatrixView<Scalar> score_gradient = scratch_matrix(scratch, scores.rows, scores.columns);
  const int past = keys.rows - queries.rows;
  causal_scores(mixed_gradient, values, score_gradient);
  if (value_gradient.data) multiply_causal_transposed(scores, mixed_gradient, value_gradient, accumulate);
  for (int t = 0; t < scores.rows; ++t) {
    softmax_backward(&scores(t, 0), &score_gradient(t, 0), past + t + 1, logit_scale(queries));
  }
  multiply_causal(read_only(score_gradient), keys, query_gradient);
  if (key_gradient.data) {
    multiply_causal_transposed(read_only(score_gradient), queries, key_gradient, accumulate);
  }
}

#define MESA_INSTANTIATE(Scalar)                                                                             \
  template void softmax_scores(const MatrixView<const Scalar>&, const MatrixView<const Scalar>&,             \
                               const MatrixView<Scalar>&);                                                   \
  template void softmax_attention_forward(const MatrixView<const Scalar>&, const MatrixView<const Scalar>&,  \
                                          const MatrixView<const Scalar>&, const MatrixView<Scalar>&,        \
                                          const MatrixView<Scalar>&);                                        \
  template void softmax_attention_backward(const MatrixView<const Scalar>&, const MatrixView<const Scalar>&, \
                                           const MatrixView<const Scalar>&, const MatrixView<const Scalar>&, \
                                           const MatrixView<const Scalar>&, const MatrixView<Scalar>&,       \
                                           const MatrixView<Scalar>&, const MatrixView<Scalar>&, bool);
MESA_INSTANTIATE(float)
MESA_INSTANTIATE(double)
#undef MESA_INSTANTIATE

}  // namespace mesa
