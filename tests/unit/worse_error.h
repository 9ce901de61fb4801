#pragma once

#include <cmath>

namespace mesa::test {

/// The larger of two errors. NaN counts as infinite, whereas std::max() could drop it.
inline double worse(double error, double other) {
  if (std::isnan(error) || std::isnan(other)) return INFINITY;
  return error < other ? other : error;
}

}  // namespace mesa::test
