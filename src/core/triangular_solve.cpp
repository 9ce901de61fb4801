#include "core/triangular_solve.h"

#include <algorithm>

#include "core/matrix_product.h"
#include "core/simd.h"

namespace mesa {
namespace {

// Rows that are solved one after the other; what earlier blocks contribute is a matrix product.
constexpr int kBlock = 8;

/// target [n] += factor * source [n].
template <class Scalar>
void add_multiple(Scalar factor, const Scalar* source, Scalar* target, int n) {
  for (int j = 0; j < n; j += kLanes<Scalar>) {
    const Vector<Scalar> sum =
        multiply_add<Scalar>(broadcast(factor), load_first(source + j, n - j), load_first(target + j, n - j));
    store_first(target + j, sum, n - j);
  }
}

}  // namespace

template <class Scalar>
void solve_lower(MatrixView<const Scalar> strictly_lower, MatrixView<Scalar> x) {
  for (int first = 0; first < x.rows; first += kBlock) {
    const int count = std::min(kBlock, x.rows - first);
    if (first > 0) {
      multiply_accumulate(strictly_lower.row_range(first, count).column_range(0, first),
                          read_only(x.row_range(0, first)), x.row_range(first, count));
    }
    for (int t = first; t < first + count; ++t) {
      for (int past = first; past < t; ++past) {
        add_multiple(strictly_lower(t, past), &x(past, 0), &x(t, 0), x.columns);
      }
    }
  }
}

template <class Scalar>
void solve_transposed(MatrixView<const Scalar> strictly_lower, MatrixView<Scalar> x) {
  const int last_block = (x.rows - 1) / kBlock * kBlock;
  for (int first = last_block; first >= 0; first -= kBlock) {
    const int end = std::min(first + kBlock, x.rows);
    if (end < x.rows) {
      multiply_accumulate(
          strictly_lower.row_range(end, x.rows - end).column_range(first, end - first).transposed(),
          read_only(x.row_range(end, x.rows - end)), x.row_range(first, end - first));
    }
    for (int t = end - 1; t >= first; --t) {
      for (int later = t + 1; later < end; ++later) {
        add_multiple(strictly_lower(later, t), &x(later, 0), &x(t, 0), x.columns);
      }
    }
  }
}

template void solve_lower(MatrixView<const float>, MatrixView<float>);
template void solve_lower(MatrixView<const double>, MatrixView<double>);
template void solve_transposed(MatrixView<const float>, MatrixView<float>);
template void solve_transposed(MatrixView<const double>, MatrixView<double>);

}  // namespace mesa
