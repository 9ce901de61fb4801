#include "train/schedule.h"

#include <algorithm>
#include <numbers>

#include "core/elementary.h"

namespace mesa {

double scheduled_learning_rate(const TrainingConfig& config, int step) {
  if (step < config.warmup_steps) return config.learning_rate * step / config.warmup_steps;
  if (config.decay_steps == 0) return config.learning_rate;
  const double progress =
      std::min(1.0, double(step - config.warmup_steps) / (config.decay_steps - config.warmup_steps));
  const double remaining = (1 + sine_cosine(std::numbers::pi * progress).cosine) / 2;
  return config.final_learning_rate + (config.learning_rate - config.final_learning_rate) * remaining;
}

}  // namespace mesa
