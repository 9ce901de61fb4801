#include "core/elimination.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "random_numbers.h"
#include "worse_error.h"

namespace mesa {
namespace {

/// Largest entry of L^-1 (A + P) L^-T - D, relative to the largest of A + P, for a random A = B B^T of rank
/// `rank`.
template <class Scalar>
double worst_error(int size, int rank) {
  const auto factors = test::normal_numbers<Scalar>(std::size_t(size) * rank, 3);
  std::vector<Scalar> numbers(std::size_t(size) * 2 * size);
  const MatrixView<Scalar> augmented(numbers.data(), size, 2 * size);
  std::vector<double> matrix(std::size_t(size) * size);  // A + P
  std::vector<Scalar> pivots(std::size_t{unsigned(size)});
  double largest = 0;
  for (int i = 0; i < size; ++i) {
    pivots[std::size_t(i)] = Scalar(0.5 + i);
    augmented(i, size + i) = 1;
    for (int j = 0; j < size; ++j) {
      double& entry = matrix[std::size_t(i) * size + j];
      for (int k = 0; k < rank; ++k)
        entry += double(factors[std::size_t(i) * rank + k]) * double(factors[std::size_t(j) * rank + k]);
      // What stands below the diagonal is not to be read.
      augmented(i, j) = j < i ? Scalar(NAN) : Scalar(entry);
      if (i == j) entry += 0.5 + i;
      largest = std::max(largest, std::abs(entry));
    }
  }
  eliminate(augmented, MatrixView<Scalar>(pivots.data(), size, 1));
  double worst = 0;
  for (int i = 0; i < size; ++i) {
    for (int j = 0; j < size; ++j) {
      double product = i == j ? -double(pivots[std::size_t(i)]) : 0;
      for (int k = 0; k < size; ++k) {
        for (int l = 0; l < size; ++l) {
          product += double(augmented(i, size + k)) * matrix[std::size_t(k) * size + l] *
                     double(augmented(j, size + l));
        }
      }
      worst = test::worse(worst, std::abs(product));
      // Above the diagonal of L^-1 nothing, on it ones.
      if (j >= i) worst = test::worse(worst, std::abs(double(augmented(i, size + j)) - (i == j ? 1 : 0)));
    }
  }
  return worst / largest;
}

}  // namespace

TEST_CASE("symmetric matrices are eliminated at odd sizes, also singular ones", "[core]") {
  for (const int size : {1, 2, 7, 8, 9, 23}) {
    for (const int rank : {1, 3, 40}) {
      INFO("size " << size << " rank " << rank);
      CHECK(worst_error<float>(size, rank) < 2e-6);
      CHECK(worst_error<double>(size, rank) < 1e-14);
    }
  }
}

TEST_CASE("rounding makes no pivot less than what was added to the diagonal", "[core]") {
  // Not semidefinite, as its last entry has lost digits.
  std::vector<float> numbers = {1e6F, 1e6F, 1, 0, 0, 1e6F - 1000, 0, 1};
  std::vector<float> pivots = {0.5F, 0.25F};
  eliminate(MatrixView<float>(numbers.data(), 2, 4), MatrixView<float>(pivots.data(), 2, 1));
  CHECK(pivots == std::vector<float>{1e6F + 0.5F, 0.25F});
}

}  // namespace mesa
