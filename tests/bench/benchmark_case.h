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
  std::vector<Setting> settings;  ///< on top of the preset's
  int positions = 0;              ///< T, where it is beyond what settings allow; 0 = theirs
};

/// All of them. Those measured in a tab or in other libraries too are a choice of these, by name.
const std::vector<BenchmarkCase>& benchmark_cases();

/// Its configuration, with `settings` on top.
Config make_config(const BenchmarkCase& benchmark, const std::vector<Setting>& settings = {});

}  // namespace mesa
