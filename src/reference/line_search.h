#pragma once

#include <functional>

namespace mesa {

/// The range in which to search for the best value of a positive parameter.
struct SearchRange {
  double low, high;
  double tolerance;  ///< relative
};

/// Returns the x in [low, high] that minimises f, found by golden-section search over log x to within
/// `relative_tolerance`. low > 0. f must have one minimum there; it may overflow above it, not below.
double minimise_over_scale(const std::function<double(double)>& f, double low, double high,
                           double relative_tolerance);

}  // namespace mesa
