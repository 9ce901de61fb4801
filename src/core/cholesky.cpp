#include "core/cholesky.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/simd.h"
#include "core/vector_arithmetic.h"

namespace mesa {
namespace {

/// Returns the column that holds the inverse of each row's pivot.
template <class Scalar>
std::ptrdiff_t pivot_column(const MatrixView<Scalar>& augmented) {
  return augmented.columns - 1;
}

/// Eliminates the earlier rows from `Vectors` vectors of row `row`, from column `first` on, by adding
/// multiples of them.
template <int Vectors, class Scalar>
void eliminate_earlier_rows(const MatrixView<Scalar>& augmented, int row, int first) {
  constexpr int kWidth = kLanes<Scalar>;
  Scalar* target = augmented.data + row * augmented.row_stride + first;
  Vector<Scalar> sums[Vectors];
#pragma GCC unroll 9
  for (int i = 0; i < Vectors; ++i) sums[i] = load(target + i * kWidth);
  const Scalar* earlier = augmented.data;
  for (int t = 0; t < row; ++t, earlier += augmented.row_stride) {
    const Vector<Scalar> factor = broadcast(earlier[row] * earlier[pivot_column(augmented)]);
#pragma GCC unroll 9
    for (int i = 0; i < Vectors; ++i)
      sums[i] = multiply_add<Scalar>(factor, load(earlier + first + i * kWidth), sums[i]);
  }
#pragma GCC unroll 9
  for (int i = 0; i < Vectors; ++i) store(target + i * kWidth, sums[i]);
}

}  // namespace

template <class Scalar>
void inverse_cholesky_factor(const MatrixView<Scalar>& augmented, Scalar r,
                             const MatrixView<Scalar>& inverse_factor) {
  constexpr int kWidth = kLanes<Scalar>;
  // The most vectors that 16 numbers can touch, wherever they start.
  constexpr int kVectors = (16 + 2 * kWidth - 2) / kWidth;
  const int n = inverse_factor.rows;
  assert(augmented.columns == augmented_columns(n));
  for (int t = 0; t < n; ++t) {
    Scalar* row = &augmented(t, 0);
    for (int j = n; j < 2 * n + 16; j += kWidth) store(row + j, Vector<Scalar>{});
    row[n + t] = -1;
  }
  Scalar addend = 1;
  for (int t = 0; t < n; ++t) {
    Scalar* row = &augmented(t, 0);
    // Only columns t .. t + n - 1 change: X from its diagonal on, then I up to its own. Starting at a whole
    // vector reads the same vectors that were just written, which avoids a stall.
    int first = t / kWidth * kWidth;
    for (; first + kWidth < t + n; first += kVectors * kWidth)
      eliminate_earlier_rows<kVectors>(augmented, t, first);
    if (first < t + n) eliminate_earlier_rows<1>(augmented, t, first);
    addend *= r;
    const Scalar pivot = addend + std::max(-row[t], Scalar{0});
    row[pivot_column(augmented)] = 1 / pivot;
    scale(-1 / std::sqrt(pivot), row + n, &inverse_factor(t, 0), n);
  }
}

template void inverse_cholesky_factor(const MatrixView<float>&, float, const MatrixView<float>&);
template void inverse_cholesky_factor(const MatrixView<double>&, double, const MatrixView<double>&);

}  // namespace mesa
