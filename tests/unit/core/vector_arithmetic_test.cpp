#include "core/vector_arithmetic.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "random_numbers.h"
#include "worse_error.h"

namespace mesa {
namespace {

/// The error of all three against plain loops, also in place; nothing beyond the n numbers may change.
template <class Scalar>
double worst_error(int n) {
  constexpr Scalar kKept = 7;
  const auto room = std::size_t(n) + 1;
  const auto x = test::normal_numbers<Scalar>(room, 1);
  const auto y = test::normal_numbers<Scalar>(room, 2);
  std::vector<Scalar> combined = y;
  std::vector<Scalar> scaled(room, kKept);
  combined.back() = kKept;
  combine(Scalar(2), x.data(), Scalar(-0.5), combined.data(), combined.data(), n);
  scale(Scalar(3), x.data(), scaled.data(), n);
  double sum = 0;
  double worst = 0;
  for (std::size_t i = 0; i + 1 < room; ++i) {
    sum += double(x[i]) * double(y[i]);
    worst = test::worse(worst, std::abs(double(combined[i]) - (2 * double(x[i]) - 0.5 * double(y[i]))));
    worst = test::worse(worst, std::abs(double(scaled[i]) - 3 * double(x[i])));
  }
  worst =
      test::worse(worst, std::abs(double(combined.back() - kKept)) + std::abs(double(scaled.back() - kKept)));
  return test::worse(worst, std::abs(double(dot(x.data(), y.data(), n)) - sum));
}

}  // namespace

TEST_CASE("vectors are added, scaled and multiplied at odd sizes", "[core]") {
  for (const int n : {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 20, 33}) {
    INFO("n " << n);
    CHECK(worst_error<float>(n) < 2e-5);
    CHECK(worst_error<double>(n) < 1e-13);
  }
}

}  // namespace mesa
