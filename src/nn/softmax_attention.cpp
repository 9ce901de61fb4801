#include "nn/softmax_attention.h"

#include <algorithm>
#include <cmath>

#include "core/matrix_product.h"
#include "nn/causal_mask.h"

namespace mesa {

template <class Scalar>
void softmax_attention_forward(MatrixView<const Scalar> queries, MatrixView<const Scalar> keys,
                               MatrixView<const Scalar> values, MatrixView<Scalar> scores,
                               MatrixView<Scalar> mixed) {
  const Scalar scale = 1 / std::sqrt(Scalar(queries.columns));
  multiply(queries, keys.transposed(), scores, Triangle::result_lower);
  for (int t = 0; t < scores.rows; ++t) {
    Scalar* row = &scores(t, 0);
    const Scalar largest =
        *std::max_element(row, row + t + 1);  // subtracted, so that no exponential overflows
    Scalar sum = 0;
    for (int past = 0; past <= t; ++past) {
      row[past] = std::exp((row[past] - largest) * scale);
      sum += row[past];
    }
    for (int past = 0; past <= t; ++past) row[past] /= sum;
  }
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
    const Scalar* probability = &scores(t, 0);
    Scalar* gradient = &score_gradient(t, 0);
    Scalar mean = 0;
    for (int past = 0; past <= t; ++past) mean += probability[past] * gradient[past];
    for (int past = 0; past <= t; ++past)
      gradient[past] = probability[past] * (gradient[past] - mean) * scale;
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
