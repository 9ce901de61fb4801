#pragma once

#include <cmath>
#include <numbers>

#include "core/exponential.h"
#include "core/simd.h"

namespace mesa {

/// The standard normal distribution at x, on each lane.
template <class Scalar>
struct NormalDistribution {
  Vector<Scalar> below;    ///< Phi(x), the probability of a value below x
  Vector<Scalar> density;  ///< its derivative
};

/// Both are within 3e-7 (Abramowitz and Stegun 1964, 7.1.26). Most of the time goes into exponential().
inline NormalDistribution<float> normal_distribution(Vector<float> x) {
  const Vector<float> exponent = exponential(x * x * -0.5F);
  const Vector<float> magnitude = larger<float>(x, -x);
  constexpr float kP = 0.3275911F / std::numbers::sqrt2_v<float>;
  const Vector<float> t = 1.F / multiply_add<float>(magnitude, broadcast(kP), broadcast(1.F));
  constexpr float kCoefficients[] = {1.061405429F, -1.453152027F, 1.421413741F, -0.284496736F, 0.254829592F};
  Vector<float> p = {};
  for (const float coefficient : kCoefficients) p = multiply_add<float>(p, t, broadcast(coefficient));
  const Vector<float> tail = p * t * exponent * 0.5F;
  constexpr float kScale = std::numbers::inv_sqrtpi_v<float> / std::numbers::sqrt2_v<float>;
  return {x > 0.F ? 1.F - tail : tail, exponent * kScale};
}

/// The version in double, for gradient checks and analyses, calls the library.
inline NormalDistribution<double> normal_distribution(Vector<double> x) {
  constexpr double kScale = std::numbers::inv_sqrtpi / std::numbers::sqrt2;
  NormalDistribution<double> result = {};
  for (int lane = 0; lane < kLanes<double>; ++lane) {
    result.below[lane] = (1 + std::erf(x[lane] / std::numbers::sqrt2)) / 2;
    result.density[lane] = std::exp(-x[lane] * x[lane] / 2) * kScale;
  }
  return result;
}

/// result = gelu(x) = x Phi(x) (Hendrycks and Gimpel 2016) for n numbers; `result` may be `x`.
template <class Scalar>
void gelu(const Scalar* x, Scalar* result, int n) {
  for (int i = 0; i < n; i += kLanes<Scalar>) {
    const Vector<Scalar> numbers = load_first(x + i, n - i);
    store_first(result + i, numbers * normal_distribution(numbers).below, n - i);
  }
}

}  // namespace mesa
