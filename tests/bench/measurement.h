#pragma once

#include <string>
#include <vector>

#include "benchmark_case.h"

namespace mesa {

/// Medians over the rounds, in seconds of processor time.
struct CaseMeasurement {
  std::string name;
  double step_seconds;         ///< of a whole training step
  double batch_seconds;        ///< of that, for drawing the batch and its tokens
  double optimiser_seconds;    ///< of that, for AdamW
  double operations;           ///< of a step, by the usual count
  double executed_operations;  ///< of a step; step_arithmetic.h

  /// Both in GFLOP/s.
  [[nodiscard]] double rate() const { return 1e-9 * operations / step_seconds; }
  [[nodiscard]] double executed_rate() const { return 1e-9 * executed_operations / step_seconds; }
};

struct Measurements {
  double peak;  ///< in GFLOP/s
  std::vector<CaseMeasurement> cases;
};

/// Every round measures the peak and runs each case once, after a step that does not count.
Measurements measure(const std::vector<BenchmarkCase>& cases, int rounds);

}  // namespace mesa
