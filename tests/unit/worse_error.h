#pragma once

#include <cmath>

namespace mesa::test {

/// The larger of two errors. Not a number is infinitely wrong, where std::max() would forget it.
inline double worse(double error, double other) {
  if (std::isnan(error) || std::isnan(other)) return INFINITY;
  return error < other ? other : error;
}

}  // namespace mesa::test
