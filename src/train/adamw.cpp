#include "train/adamw.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/elementary.h"

namespace mesa {

void adamw_update(AdamWState& state, std::span<const float> gradient, double learning_rate,
                  double weight_decay, double gradient_limit, std::span<float> parameters) {
  assert(gradient.size() == parameters.size() && state.first_moment.size() == parameters.size());
  constexpr double kBeta1 = 0.9;
  constexpr double kBeta2 = 0.999;
  constexpr float kEpsilon = 1e-8F;

  ++state.updates;
  const auto beta1 = float(kBeta1);
  const auto beta2 = float(kBeta2);
  const auto correction1 = float(1 / (1 - power(kBeta1, state.updates)));
  const auto correction2 = float(1 / (1 - power(kBeta2, state.updates)));
  const auto limit = float(gradient_limit);
  const auto rate = float(learning_rate);
  const auto decay = float(1 - learning_rate * weight_decay);

  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const float g = std::clamp(gradient[i], -limit, limit);
    float& m = state.first_moment[i];
    float& v = state.second_moment[i];
    m = beta1 * m + (1 - beta1) * g;
    v = beta2 * v + (1 - beta2) * g * g;
    parameters[i] =
        decay * parameters[i] - rate * (m * correction1) / (std::sqrt(v * correction2) + kEpsilon);
  }
}

}  // namespace mesa
