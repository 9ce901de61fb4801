#pragma once

#include <cmath>

#include "core/simd.h"

namespace mesa {

/// exp(x) on each lane, within 2 units in the last place; x is clamped to -87 .. 88, and NaN stays NaN. It is
/// faster than the library's, and its bits do not depend on the C library.
inline Vector<float> exponential(Vector<float> x) {
  x = x < -87.F ? broadcast(-87.F) : x;
  x = x > 88.F ? broadcast(88.F) : x;
  // x = n ln 2 + r with |r| <= ln 2 / 2: adding 1.5 * 2^23 leaves n in the lowest bits. ln 2 is split in two,
  // the first part short enough for n times it to be exact.
  constexpr float kLog2E = 1.44269504F;
  constexpr float kLn2High = 0.693359375F;
  constexpr float kLn2Low = -2.12194440e-4F;
  constexpr float kRounder = 12582912;
  const Vector<float> rounded = multiply_add<float>(x, broadcast(kLog2E), broadcast(kRounder));
  const Vector<float> n = rounded - kRounder;
  Vector<float> r = multiply_add<float>(n, broadcast(-kLn2High), x);
  r = multiply_add<float>(n, broadcast(-kLn2Low), r);
  // exp(r) = 1 + r + r^2 p(r), with the coefficients of Cephes' expf.
  constexpr float kCoefficients[] = {1.9875691500e-4F, 1.3981999507e-3F, 8.3334519073e-3F,
                                     4.1665795894e-2F, 1.6666665459e-1F, 5.0000001201e-1F};
  Vector<float> p = {};
  for (const float coefficient : kCoefficients) p = multiply_add<float>(p, r, broadcast(coefficient));
  const Vector<float> exp_r = multiply_add<float>(p, r * r, r) + 1.F;
  // 2^n is built from its exponent bits.
  constexpr std::uint32_t kOne = 0x3f800000;
  using Bits = Vector<std::uint32_t>;
  return exp_r * (Vector<float>)(((Bits)rounded << 23) + kOne);
}

/// The version in double, for gradient checks and analyses, calls the library.
inline Vector<double> exponential(Vector<double> x) {
  for (int lane = 0; lane < kLanes<double>; ++lane) x[lane] = std::exp(x[lane]);
  return x;
}

}  // namespace mesa
