#pragma once

#include <cmath>
#include <functional>
#include <vector>

namespace mesa::test {

/// The relative error |analytic - numeric| / (|analytic| + |numeric|) of a gradient against central
/// differences of `loss` by one in `every` entry of `variables`, which are restored.
inline double gradient_error(std::vector<double>& variables, const std::vector<double>& analytic,
                             const std::function<double()>& loss, std::size_t every = 1) {
  constexpr double kStep = 1e-5;
  double difference = 0;
  double size_analytic = 0;
  double size_numeric = 0;
  for (std::size_t i = 0; i < variables.size(); i += every) {
    const double kept = variables[i];
    variables[i] = kept + kStep;
    const double above = loss();
    variables[i] = kept - kStep;
    const double below = loss();
    variables[i] = kept;
    const double numeric = (above - below) / (2 * kStep);
    difference += (numeric - analytic[i]) * (numeric - analytic[i]);
    size_analytic += analytic[i] * analytic[i];
    size_numeric += numeric * numeric;
  }
  return std::sqrt(difference) / (std::sqrt(size_analytic) + std::sqrt(size_numeric));
}

}  // namespace mesa::test
