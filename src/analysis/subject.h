#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "data/task.h"
#include "data/tokens.h"
#include "model/config.h"

namespace mesa {

/// What an analysis looks at: a model at one step of its training, and the sequences it was trained for.
struct Subject {
  TaskConfig task;
  TokenConfig tokens;
  ModelConfig model;
  std::span<const float> parameters;
  std::uint64_t seed;  ///< of the run: sequences for analyses are drawn from it, none of them trained on
};

/// How an analysis is carried out.
struct Effort {
  int sequences = 1024;  ///< to measure on
  int updates = 0;       ///< of those analyses that train something; 0: as many as they need
  int threads = 1;       ///< the result does not depend on it
  /// Called now and then with the share of the work that is done.
  std::function<void(double share)> progress = [](double) {};
};

}  // namespace mesa
