#pragma once

#include <functional>

namespace mesa {

/// Where to search for the best value of a positive parameter.
struct SearchRange {
  double low, high;
  double tolerance;  ///< relative
};

/// The positive x in [low, high] at which f is least, found by golden-section search over log x to within
/// `relative_tolerance`. f is taken to have one minimum there; it may overflow above it, not below.
double minimise_over_scale(const std::function<double(double)>& f, double low, double high,
                           double relative_tolerance);

}  // namespace mesa
