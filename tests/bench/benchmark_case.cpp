#include "benchmark_case.h"

#include "experiment/presets.h"

namespace mesa {
namespace {

// A step has as many positions as 256 sequences of 50, so that times per token can be compared.
constexpr int kLongPositions = 3200;
constexpr std::string_view kLongBatch = "4";

}  // namespace

const std::vector<BenchmarkCase>& benchmark_cases() {
  static const std::vector<BenchmarkCase> cases = {
      {"notebook", "notebook", "paper", {}},
      {"linear-6-k40", "linear-6", "paper", {{"key_size", "40"}}},
      // The same layer three times except for its attention.
      {"linear-1", "mesa-1", "paper", {{"attention", "linear"}}},
      {"softmax-1", "mesa-1", "paper", {{"attention", "softmax"}}},
      {"mesa-1", "mesa-1", "paper", {}},
      {"linear-1-long",
       "mesa-1",
       "paper",
       {{"attention", "linear"}, {"batch_size", kLongBatch}},
       kLongPositions},
      {"mesa-1-long", "mesa-1", "paper", {{"batch_size", kLongBatch}}, kLongPositions},
      // Mostly attention, so that what is saved above the diagonal shows.
      {"linear-1-t200",
       "mesa-1",
       "paper",
       {{"attention", "linear"}, {"batch_size", "32"}, {"sequence_length", "200"}}},
      {"transformer-7", "transformer-7", "quick", {{"batch_size", "64"}}},
      {"hybrid-mesa", "hybrid-mesa", "quick", {}}};
  return cases;
}

Config make_config(const BenchmarkCase& benchmark, const std::vector<Setting>& settings) {
  std::vector<Setting> all = benchmark.settings;
  all.insert(all.end(), settings.begin(), settings.end());
  Config config = make_config(benchmark.preset, benchmark.variant, all);
  if (benchmark.positions > 0) {
    config.task.sequence_length = benchmark.positions;
    config.model.positions = benchmark.positions;
  }
  return config;
}

}  // namespace mesa
