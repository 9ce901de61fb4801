#include "nn/causal_product.h"

#include <algorithm>

#include "core/matrix_product.h"
#include "core/simd.h"

namespace mesa {
namespace {

/// Row t gets zeros in those columns after t that products read.
template <class Scalar>
void zero_later_columns(const MatrixView<Scalar>& scores) {
  for (int t = 0; t < scores.rows; ++t) {
    const int first = t + 1;
    store_zeros(&scores(t, 0) + first, std::min(t + 1 + kReadBeyondDiagonal, scores.columns) - first);
  }
}

}  // namespace

template <class Scalar>
void causal_scores(const MatrixView<const Scalar>& left, const MatrixView<const Scalar>& right,
                   const MatrixView<Scalar>& scores) {
  const int count = left.rows;
  const int past = right.rows - count;
  if (past > 0) multiply(left, right.row_range(0, past).transposed(), scores.column_range(0, past));
  const MatrixView<Scalar> own = scores.column_range(past, count);
  multiply(left, right.row_range(past, count).transposed(), own, Triangle::result_lower);
  zero_later_columns(own);
}

template <class Scalar>
void multiply_causal(const MatrixView<const Scalar>& scores, const MatrixView<const Scalar>& right,
                     const MatrixView<Scalar>& result) {
  const int count = scores.rows;
  const int past = scores.columns - count;
  multiply(scores.column_range(past, count), right.row_range(past, count), result, Triangle::left_lower);
  if (past > 0) multiply_accumulate(scores.column_range(0, past), right.row_range(0, past), result);
}

template <class Scalar>
void multiply_causal_transposed(const MatrixView<const Scalar>& scores, const MatrixView<const Scalar>& left,
                                const MatrixView<Scalar>& result, bool accumulate) {
  const int count = scores.rows;
  const int past = scores.columns - count;
  const auto product = accumulate ? multiply_accumulate<Scalar> : multiply<Scalar>;
  product(scores.column_range(past, count).transposed(), left, result.row_range(past, count),
          Triangle::left_upper);
  if (past > 0) {
    product(scores.column_range(0, past).transposed(), left, result.row_range(0, past), Triangle::none);
  }
}

#define MESA_INSTANTIATE(Scalar)                                                                             \
  template void causal_scores(const MatrixView<const Scalar>&, const MatrixView<const Scalar>&,              \
                              const MatrixView<Scalar>&);                                                    \
  template void multiply_causal(const MatrixView<const Scalar>&, const MatrixView<const Scalar>&,            \
                                const MatrixView<Scalar>&);                                                  \
  template void multiply_causal_transposed(const MatrixView<const Scalar>&, const MatrixView<const Scalar>&, \
                                           const MatrixView<Scalar>&, bool);
MESA_INSTANTIATE(float)
MESA_INSTANTIATE(double)
#undef MESA_INSTANTIATE

}  // namespace mesa
