#include "core/triangular_solve.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "random_numbers.h"
#include "worse_error.h"

namespace mesa {
namespace {

/// Largest entry of (I - L) X - B, or of (I - L^T) X - B, for random L and B.
template <class Scalar>
double worst_residual(int size, int columns, bool transposed) {
  const auto factors = test::normal_numbers<Scalar>(std::size_t(size) * size, 1, 0.2F);
  const auto right = test::normal_numbers<Scalar>(std::size_t(size) * columns, 2);
  const MatrixView<const Scalar> lower(factors.data(), size, size);
  std::vector<Scalar> numbers = right;
  const MatrixView<Scalar> x(numbers.data(), size, columns);
  if (transposed) {
    solve_transposed(lower, x);
  } else {
    solve_lower(lower, x);
  }
  double worst = 0;
  for (int t = 0; t < size; ++t) {
    for (int j = 0; j < columns; ++j) {
      double left = x(t, j);
      for (int other = 0; other < size; ++other) {
        if (transposed && other > t) left -= double(lower(other, t)) * double(x(other, j));
        if (!transposed && other < t) left -= double(lower(t, other)) * double(x(other, j));
      }
      worst = test::worse(worst, std::abs(left - double(right[std::size_t(t) * columns + j])));
    }
  }
  return worst;
}

}  // namespace

TEST_CASE("triangular systems are solved at odd sizes", "[core]") {
  for (const int size : {1, 2, 7, 8, 9, 25, 50}) {
    for (const int columns : {1, 3, 8, 20}) {
      for (const bool transposed : {false, true}) {
        INFO("size " << size << " columns " << columns << " transposed " << transposed);
        CHECK(worst_residual<float>(size, columns, transposed) < 1e-4);
        CHECK(worst_residual<double>(size, columns, transposed) < 1e-12);
      }
    }
  }
}

}  // namespace mesa
