#include "core/elementary.h"

#include <cmath>

namespace mesa {

SineCosine sine_cosine(double angle) {
  // Subtracting the nearest number of quarter turns leaves an angle within +-pi/4. pi/2 is split in two, the
  // first part short enough for its multiples to be exact.
  constexpr double kQuarterHigh = 0x1.921fb544p+0;
  constexpr double kQuarterLow = 0x1.0b4611a626331p-34;
  constexpr int kTerms = 10;
  const double quarters = std::nearbyint(angle / (kQuarterHigh + kQuarterLow));
  const double rest = (angle - quarters * kQuarterHigh) - quarters * kQuarterLow;
  double sine = 0;
  double cosine = 0;
  double term = 1;  // rest^n / n!, with its sign in the series
  for (int n = 0; n < 2 * kTerms; n += 2) {
    cosine += term;
    term *= rest / (n + 1);
    sine += term;
    term *= -rest / (n + 2);
  }
  switch (int(quarters) & 3) {
    case 0: return {sine, cosine};
    case 1: return {cosine, -sine};
    case 2: return {-sine, -cosine};
    default: return {-cosine, sine};
  }
}

double exponential(double x) {
  if (x < 0) return 1 / exponential(-x);
  // e^(2 y) - 1 = (e^y - 1) (e^y - 1 + 2) doubles y, starting from one that needs few terms of the series.
  constexpr int kDoublings = 12;
  constexpr int kTerms = 8;
  const double y = std::ldexp(x, -kDoublings);
  double beyond_one = 0;
  for (int n = kTerms; n >= 1; --n) beyond_one = y / n * (1 + beyond_one);
  for (int i = 0; i < kDoublings; ++i) beyond_one *= beyond_one + 2;
  return beyond_one + 1;
}

double power(double base, int exponent) {
  double result = 1;
  for (; exponent > 0; exponent /= 2) {
    if (exponent % 2 == 1) result *= base;
    base *= base;
  }
  return result;
}

}  // namespace mesa
