#pragma once

#include <cmath>
#include <limits>
#include <vector>

namespace mesa::test {

/// The larger of two errors. NaN counts as infinite, whereas std::max() could drop it.
inline double worse(double error, double other) {
  if (std::isnan(error) || std::isnan(other)) return INFINITY;
  return error < other ? other : error;
}

/// |result - exact| / |exact|, over all entries together, in units of the rounding of `Scalar`.
template <class Scalar>
double roundings_off(const std::vector<Scalar>& result, const std::vector<double>& exact) {
  if (result.size() != exact.size()) return INFINITY;
  double difference = 0;
  double size = 0;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    difference += (double(result[i]) - exact[i]) * (double(result[i]) - exact[i]);
    size += exact[i] * exact[i];
  }
  return std::sqrt(difference / size) / double(std::numeric_limits<Scalar>::epsilon());
}

}  // namespace mesa::test
