#include "core/normal_distribution.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>

#include "worse_error.h"

namespace mesa {
namespace {

template <class Scalar>
double largest_error() {
  double worst = 0;
  for (int i = -9000; i <= 9000; i += kLanes<Scalar>) {
    Vector<Scalar> x;
    for (int lane = 0; lane < kLanes<Scalar>; ++lane) x[lane] = Scalar(i + lane) / 1000;
    const auto [below, density] = normal_distribution(x);
    for (int lane = 0; lane < kLanes<Scalar>; ++lane) {
      const double exact = x[lane];
      const double exact_density = std::exp(-exact * exact / 2) / std::sqrt(2 * std::numbers::pi);
      worst = test::worse(worst, std::abs(below[lane] - std::erfc(-exact / std::numbers::sqrt2) / 2));
      worst = test::worse(worst, std::abs(density[lane] - exact_density));
    }
  }
  return worst;
}

}  // namespace

TEST_CASE("the normal distribution and its density equal the library's, to float precision", "[core]") {
  CHECK(largest_error<float>() < 3e-7);
  CHECK(largest_error<double>() < 1e-15);
}

TEST_CASE("the normal distribution is right far from zero and keeps NaN", "[core]") {
  CHECK(normal_distribution(broadcast(0.F)).below[0] == Approx(0.5));
  CHECK(normal_distribution(broadcast(-1e20F)).below[0] == Approx(0).margin(1e-30));
  CHECK(normal_distribution(broadcast(1e20F)).below[0] == 1);
  CHECK(std::isnan(normal_distribution(broadcast(std::nanf(""))).below[0]));
}

}  // namespace mesa
