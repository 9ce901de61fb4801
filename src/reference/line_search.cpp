#include "reference/line_search.h"

#include <cmath>
#include <numbers>

namespace mesa {

double minimise_over_scale(const std::function<double(double)>& f, double low, double high,
                           double relative_tolerance) {
  constexpr double kShrink = 1 / std::numbers::phi;
  double a = std::log(low);
  double b = std::log(high);
  double left = b - kShrink * (b - a);
  double right = a + kShrink * (b - a);
  double at_left = f(std::exp(left));
  double at_right = f(std::exp(right));
  while (b - a > relative_tolerance) {
    // Where an iteration diverges the loss is not finite; such points lie above the minimum.
    if (at_left < at_right || !std::isfinite(at_right)) {
      b = right;
      right = left;
      at_right = at_left;
      left = b - kShrink * (b - a);
      at_left = f(std::exp(left));
    } else {
      a = left;
      left = right;
      at_left = at_right;
      right = a + kShrink * (b - a);
      at_right = f(std::exp(right));
    }
  }
  return std::exp((a + b) / 2);
}

}  // namespace mesa
