#include "nn/linear_attention.h"

#include "core/matrix_product.h"
#include "nn/causal_mask.h"

namespace mesa {

template <class Scalar>
void linear_attention_forward(MatrixView<const Scalar> queries, MatrixView<const Scalar> keys,
                              MatrixView<const Scalar> values, MatrixView<Scalar> scores,
                              MatrixView<Scalar> mixed) {
  multiply(queries, keys.transposed(), scores, Triangle::result_lower);
  zero_above_diagonal(scores);
  multiply(read_only(scores), values, mixed, Triangle::left_lower);
}

template <class Scalar>
void linear_attention_backward(MatrixView<const Scalar> queries, MatrixView<const Scalar> keys,
                               MatrixView<const Scalar> values, MatrixView<const Scalar> scores,
                               MatrixView<const Scalar> mixed_gradient, MatrixView<Scalar> score_gradient,
                               MatrixView<Scalar> query_gradient, MatrixView<Scalar> key_gradient,
                               MatrixView<Scalar> value_gradient) {
  multiply(mixed_gradient, values.transposed(), score_gradient, Triangle::result_lower);
  zero_above_diagonal(score_gradient);
  multiply(read_only(score_gradient), keys, query_gradient, Triangle::left_lower);
  if (!key_gradient.data) return;
  multiply(scores.transposed(), mixed_gradient, value_gradient, Triangle::left_upper);
  multiply(read_only(score_gradient.transposed()), queries, key_gradient, Triangle::left_upper);
}

#define MESA_INSTANTIATE(Scalar)                                                                            \
  template void linear_attention_forward(MatrixView<const Scalar>, MatrixView<const Scalar>,                \
                                         MatrixView<const Scalar>, MatrixView<Scalar>, MatrixView<Scalar>); \
  template void linear_attention_backward(MatrixView<const Scalar>, MatrixView<const Scalar>,               \
                                          MatrixView<const Scalar>, MatrixView<const Scalar>,               \
                                          MatrixView<const Scalar>, MatrixView<Scalar>, MatrixView<Scalar>, \
                                          MatrixView<Scalar>, MatrixView<Scalar>);
MESA_INSTANTIATE(float)
MESA_INSTANTIATE(double)
#undef MESA_INSTANTIATE

}  // namespace mesa
