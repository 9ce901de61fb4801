#pragma once

#include <string_view>
#include <vector>

#include "experiment/config.h"

namespace mesa {

/// A run whose training step is timed.
struct BenchmarkCase {
  std::string_view name;
  std::string_view preset;
  std::string_view variant;
  std::vector<Setting> settings;  ///< applied to the preset
  int positions = 0;              ///< T, if it is beyond what settings allow; 0 = theirs
};

/// All cases. Tabs and other libraries run a selection of them, by name.
const std::vector<BenchmarkCase>& benchmark_cases();

/// The case's configuration with `settings` applied.
Config make_config(const BenchmarkCase& benchmark, const std::vector<Setting>& settings = {});

}  // namespace mesa
