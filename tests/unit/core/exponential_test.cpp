#include "core/exponential.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "worse_error.h"

namespace mesa {

TEST_CASE("the exponential is within two units in the last place of the library's", "[core]") {
  double worst = 0;
  for (int i = -87000; i <= 88000; ++i) {
    const float x = float(i) / 1000;
    const float result = exponential(broadcast(x))[0];
    const double exact = std::exp(double(x));
    const double unit = double(std::nextafter(float(exact), 1e38F)) - double(float(exact));
    worst = test::worse(worst, std::abs(double(result) - exact) / unit);
  }
  CHECK(worst < 2);
}

TEST_CASE("the exponential acts on every lane, is clamped at its ends and keeps NaN", "[core]") {
  Vector<float> x;
  for (int lane = 0; lane < kLanes<float>; ++lane) x[lane] = 0.7F * float(lane) - 1;
  const Vector<float> result = exponential(x);
  for (int lane = 0; lane < kLanes<float>; ++lane) CHECK(result[lane] == Approx(std::exp(x[lane])));
  CHECK(exponential(Vector<float>{})[0] == 1);
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  CHECK(exponential(broadcast(-kInfinity))[0] == exponential(broadcast(-87.F))[0]);
  CHECK(exponential(broadcast(kInfinity))[0] == exponential(broadcast(88.F))[0]);
  CHECK(std::isnan(exponential(broadcast(std::nanf("")))[0]));
  CHECK(exponential(broadcast(0.5))[0] == std::exp(0.5));
}

}  // namespace mesa
