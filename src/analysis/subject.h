#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "data/task.h"
#include "data/tokens.h"
#include "model/config.h"

namespace mesa {

/// The subject of an analysis: a model at one step of its training and the task it was trained for.
struct Subject {
  TaskConfig task;
  TokenConfig tokens;
  ModelConfig model;
  std::span<const float> parameters;
  std::uint64_t seed;  ///< of the run; analyses draw other sequences from it than training does
};

/// The work that an analysis may do.
struct Effort {
  int sequences = 1024;  ///< to measure on
  int updates = 0;       ///< for analyses that train something; 0: the analysis chooses
  int threads = 1;       ///< the result does not depend on it
  /// Called from time to time with the fraction of the work that is done.
  std::function<void(double share)> progress = [](double) {};
};

}  // namespace mesa
