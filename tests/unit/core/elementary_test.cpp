#include "core/elementary.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "worse_error.h"

namespace mesa {

TEST_CASE("sines and cosines are those of the C library", "[core]") {
  double largest = 0;
  for (int i = -8000; i < 8000; ++i) {
    const double angle = 0.37 * i;
    const SineCosine ours = sine_cosine(angle);
    largest = test::worse(largest, std::abs(ours.sine - std::sin(angle)));
    largest = test::worse(largest, std::abs(ours.cosine - std::cos(angle)));
  }
  CHECK(largest < 1e-15);
  CHECK(sine_cosine(0).sine == 0);
  CHECK(sine_cosine(0).cosine == 1);
}

TEST_CASE("exponentials and powers are those of the C library", "[core]") {
  for (int i = -285; i < 285; ++i) {
    const double x = 0.07 * i;
    CHECK(std::abs(exponential(x) / std::exp(x) - 1) < 2e-14);
  }
  CHECK(exponential(0) == 1);
  for (const int exponent : {0, 1, 2, 3, 10, 999, 1000, 12345}) {
    CHECK(std::abs(power(0.999, exponent) / std::pow(0.999, exponent) - 1) < 1e-11);
  }
}

}  // namespace mesa
