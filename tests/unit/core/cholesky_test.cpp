#include "core/cholesky.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "random_numbers.h"
#include "worse_error.h"

namespace mesa {
namespace {

/// The largest entry of L^-1 A L^-T - I for A = diag(r, r^2, ..) + B B^T, with B random of `rank` columns,
/// and of L^-1 above its diagonal.
template <class Scalar>
double worst_error(int size, int rank, Scalar r) {
  const auto factors = test::normal_numbers<Scalar>(std::size_t(size) * rank, 3);
  // What is below the diagonal, and behind X, must not be read.
  std::vector<Scalar> numbers(std::size_t(size) * augmented_columns(size), Scalar(NAN));
  std::vector<Scalar> inverse_numbers(std::size_t(size) * size, Scalar(NAN));
  const MatrixView<Scalar> augmented(numbers.data(), size, augmented_columns(size));
  const MatrixView<Scalar> inverse(inverse_numbers.data(), size, size);
  std::vector<double> matrix(std::size_t(size) * size);  // A
  for (int i = 0; i < size; ++i) {
    for (int j = 0; j < size; ++j) {
      double& entry = matrix[std::size_t(i) * size + j];
      for (int k = 0; k < rank; ++k)
        entry += double(factors[std::size_t(i) * rank + k]) * double(factors[std::size_t(j) * rank + k]);
      if (j >= i) augmented(i, j) = Scalar(-entry);
      if (i == j) entry += std::pow(double(r), i + 1);
    }
  }
  inverse_cholesky_factor(augmented, r, inverse);
  double worst = 0;
  for (int i = 0; i < size; ++i) {
    for (int j = 0; j < size; ++j) {
      double product = i == j ? -1 : 0;
      for (int k = 0; k < size; ++k) {
        for (int l = 0; l < size; ++l) {
          product += double(inverse(i, k)) * matrix[std::size_t(k) * size + l] * double(inverse(j, l));
        }
      }
      worst = test::worse(worst, std::abs(product));
      if (j > i) worst = test::worse(worst, std::abs(double(inverse(i, j))));
    }
  }
  return worst;
}

}  // namespace

TEST_CASE("the inverse Cholesky factor turns the matrix into the identity, at odd sizes", "[core]") {
  for (const int size : {1, 2, 7, 8, 9, 16, 17, 23, 31}) {
    for (const int rank : {1, 3, 40}) {
      for (const float r : {1.F, 0.9F, 1.1F}) {
        INFO("size " << size << " rank " << rank << " r " << r);
        CHECK(worst_error<float>(size, rank, r) < 1e-4);
        CHECK(worst_error<double>(size, rank, double(r)) < 1e-12);
      }
    }
  }
}

TEST_CASE("rounding makes no pivot less than what was added to the diagonal", "[core]") {
  // It is not semidefinite, as its last entry has lost digits.
  constexpr int kColumns = augmented_columns(2);
  std::vector<float> numbers(std::size_t{2} * kColumns);
  const MatrixView<float> augmented(numbers.data(), 2, kColumns);
  augmented(0, 0) = augmented(0, 1) = -1e6F;
  augmented(1, 1) = -1e6F + 1000;
  std::vector<float> inverse(4);
  inverse_cholesky_factor(augmented, 0.5F, MatrixView<float>(inverse.data(), 2, 2));
  CHECK(1 / (inverse[0] * inverse[0]) == Approx(1e6F + 0.5F));
  CHECK(1 / (inverse[3] * inverse[3]) == Approx(0.25F));
}

}  // namespace mesa
