#include "nn/linear_attention.h"

#include <vector>

#include "core/matrix_product.h"
#include "core/vector_arithmetic.h"
#include "nn/causal_product.h"
#include "nn/scratch.h"

namespace mesa {
template <class Scalar>
void linear_attention_forward(const MatrixView<const Scalar>& queries, const MatrixView<const Scalar>& keys,
                              const MatrixView<const Scalar>& values, const MatrixView<const Scalar>& state,
                              const MatrixView<Scalar>& scores, const MatrixView<Scalar>& mixed,
                              const MatrixView<Scalar>& next_state) {
  causal_scores(queries, keys, scores);
  multiply_causal(read_only(scores), values, mixed);
  if (state.data) multiply_accumulate(queries, state, mixed);
  if (!next_state.data) return;
  multiply(keys.transposed(), values, next_state);
  if (!state.data) return;
  for (int k = 0; k < state.rows; ++k) {
    Scalar* row = &next_state(k, 0);
    combine(Scalar(1), &state(k, 0), Scalar(1), row, row, state.columns);
  }
}

template <class Scalar>
void linear_attention_backward(const MatrixView<const Scalar>& queries, const MatrixView<const Scalar>& keys,
                               const MatrixView<const Scalar>& values, const MatrixView<const Scalar>& state,
                               const MatrixView<const Scalar>& scores,
                               const MatrixView<const Scalar>& mixed_gradient,
                               const MatrixView<Scalar>& state_gradient,
                               const MatrixView<Scalar>& query_gradient,
                               const MatrixView<Scalar>& key_gradient,
                               const MatrixView<Scalar>& value_gradient) {
  thread_local std::vector<Scalar> scratch;
  const MatrixView<Scalar> score_gradient = scratch_matrix(scratch, queries.rows, queries.rows);
  causal_scores(mixed_gradient, values, score_gradient);
  multiply_causal(read_only(score_gradient), keys, query_gradient);
  if (state.data) multiply_accumulate(mixed_gradient, state.transposed(), query_gradient);
  if (value_gradient.data) {
    multiply_causal_transposed(scores, mixed_gradient, value_gradient, false);
    if (state_gradient.data) multiply_accumulate(keys, read_only(state_gradient), value_gradient);
  }
  if (key_gradient.data) {
    multiply_causal_transposed(read_only(score_gradient), queries, key_gradient, false);
    if (state_gradient.data) {
      multiply_accumulate(values, read_only(state_gradient.transposed()), key_gradient);
    }
  }
  if (state_gradient.data && (value_gradient.data || key_gradient.data)) {
    multiply_accumulate(queries.transposed(), mixed_gradient, state_gradient);
  }
}

#define MESA_INSTANTIATE(Scalar)                                                                            \
  template void linear_attention_forward(const MatrixView<const Scalar>&, const MatrixView<const Scalar>&,  \
                                         const MatrixView<const Scalar>&, const MatrixView<const Scalar>&,  \
                                         const MatrixView<Scalar>&, const MatrixView<Scalar>&,              \
                                         const MatrixView<Scalar>&);                                        \
  template void linear_attention_backward(const MatrixView<const Scalar>&, const MatrixView<const Scalar>&, \
                                          const MatrixView<const Scalar>&, const MatrixView<const Scalar>&, \
                                          const MatrixView<const Scalar>&, const MatrixView<const Scalar>&, \
                                          const MatrixView<Scalar>&, const MatrixView<Scalar>&,             \
                                          const MatrixView<Scalar>&, const MatrixView<Scalar>&);
MESA_INSTANTIATE(float)
MESA_INSTANTIATE(double)
#undef MESA_INSTANTIATE

}  // namespace mesa
