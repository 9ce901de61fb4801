#include "core/matrix_product.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "random_numbers.h"
#include "worse_error.h"

namespace mesa {
namespace {

/// The product by its definition.
template <class Scalar>
Scalar product_entry(MatrixView<const Scalar> left, MatrixView<const Scalar> right, int row, int column) {
  double sum = 0;
  for (int k = 0; k < left.columns; ++k) sum += double(left(row, k)) * double(right(k, column));
  return Scalar(sum);
}

/// A matrix [rows, columns], stored row by row or transposed.
template <class Scalar>
MatrixView<const Scalar> stored(const std::vector<Scalar>& numbers, int rows, int columns, bool transposed) {
  if (transposed) return MatrixView<const Scalar>(numbers.data(), columns, rows).transposed();
  return {numbers.data(), rows, columns};
}

template <class Scalar>
void check_product(int m, int k, int n, bool left_transposed, bool right_transposed, double tolerance) {
  const auto left_numbers = test::normal_numbers<Scalar>(std::size_t(m) * k, 1);
  const auto right_numbers = test::normal_numbers<Scalar>(std::size_t(k) * n, 2);
  const auto left = stored(left_numbers, m, k, left_transposed);
  const auto right = stored(right_numbers, k, n, right_transposed);

  // The result is inside a larger matrix, whose other entries must not change.
  const int stride = n + 3;
  const std::vector<Scalar> before = test::normal_numbers<Scalar>(std::size_t(m + 1) * stride, 3);
  std::vector<Scalar> plain = before;
  std::vector<Scalar> accumulated = before;
  multiply(left, right, MatrixView<Scalar>(plain.data(), m, n, stride));
  multiply_accumulate(left, right, MatrixView<Scalar>(accumulated.data(), m, n, stride));

  double worst = 0;
  bool outside_untouched = true;
  for (int i = 0; i <= m; ++i) {
    for (int j = 0; j < stride; ++j) {
      const std::size_t at = std::size_t(i) * stride + j;
      if (i == m || j >= n) {
        outside_untouched &= plain[at] == before[at] && accumulated[at] == before[at];
        continue;
      }
      const Scalar expected = product_entry(left, right, i, j);
      worst = test::worse(worst, double(std::abs(plain[at] - expected)));
      worst = test::worse(worst, double(std::abs(accumulated[at] - before[at] - expected)));
    }
  }
  INFO("m " << m << " k " << k << " n " << n << " transposed " << left_transposed << right_transposed);
  CHECK(worst < tolerance);
  CHECK(outside_untouched);
}

/// Compares a product with a triangular matrix [size, size] with the plain product that has zeros in their
/// place. Entries that must not be read are NaN.
template <class Scalar>
void check_triangle(Triangle triangle, int size, int other, bool transposed, double tolerance) {
  const bool is_lower = triangle == Triangle::result_lower;
  const bool is_upper = triangle == Triangle::result_upper;
  const bool result_is_square = is_lower || is_upper;
  const int inner = result_is_square ? other : size;
  const int columns = result_is_square ? size : other;
  auto left_numbers = test::normal_numbers<Scalar>(std::size_t(size) * inner, 1);
  const auto right_numbers = test::normal_numbers<Scalar>(std::size_t(inner) * columns, 2);
  auto readable_numbers = left_numbers;
  for (int i = 0; i < size; ++i) {
    for (int j = 0; j < inner; ++j) {
      const int above = transposed ? i - j : j - i;
      const int beyond = triangle == Triangle::left_lower   ? above
                         : triangle == Triangle::left_upper ? -above
                                                            : 0;
      const auto at = std::size_t(i) * inner + j;
      if (beyond > 0) left_numbers[at] = readable_numbers[at] = 0;
      if (beyond > kReadBeyondDiagonal) readable_numbers[at] = Scalar(NAN);
    }
  }
  const auto left = stored(left_numbers, size, inner, transposed);
  const auto readable = stored(readable_numbers, size, inner, transposed);
  const auto right = stored(right_numbers, inner, columns, transposed);
  std::vector<Scalar> plain(std::size_t(size) * columns);
  std::vector<Scalar> accumulated(plain.size(), Scalar(1));
  multiply(readable, right, MatrixView<Scalar>(plain.data(), size, columns), triangle);
  multiply_accumulate(readable, right, MatrixView<Scalar>(accumulated.data(), size, columns), triangle);

  double worst = 0;
  for (int i = 0; i < size; ++i) {
    for (int j = is_upper ? i : 0; j < (is_lower ? i + 1 : columns); ++j) {
      const std::size_t at = std::size_t(i) * columns + j;
      const Scalar expected = product_entry(left, right, i, j);
      worst = test::worse(worst, double(std::abs(plain[at] - expected)));
      worst = test::worse(worst, double(std::abs(accumulated[at] - 1 - expected)));
    }
  }
  INFO("triangle " << int(triangle) << " size " << size << " other " << other << " transposed "
                   << transposed);
  CHECK(worst < tolerance);
}

}  // namespace

TEST_CASE("products equal their definition at odd sizes and in any storage", "[core]") {
  for (const int m : {1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 50}) {
    for (const int k : {1, 2, 20, 41}) {
      for (const int n : {1, 3, 8, 15, 16, 17, 20, 33}) {
        for (const bool left_transposed : {false, true}) {
          for (const bool right_transposed : {false, true}) {
            check_product<float>(m, k, n, left_transposed, right_transposed, 2e-5);
            check_product<double>(m, k, n, left_transposed, right_transposed, 1e-13);
          }
        }
      }
    }
  }
}

TEST_CASE("products with a triangle equal those with zeros in their place", "[core]") {
  using enum Triangle;
  for (const Triangle triangle : {none, left_lower, left_upper, result_lower, result_upper}) {
    for (const int size : {1, 2, 5, 6, 7, 13, 24, 33, 50}) {
      for (const int other : {1, 3, 8, 20, 23, 40}) {
        for (const bool transposed : {false, true}) {
          check_triangle<float>(triangle, size, other, transposed, 2e-5);
          check_triangle<double>(triangle, size, other, transposed, 1e-13);
        }
      }
    }
  }
}

}  // namespace mesa
