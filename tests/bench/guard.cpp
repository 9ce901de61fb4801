#include "guard.h"

#include <cstdio>

#include "measurement.h"

namespace mesa {
namespace {

/// The least ratio of a case's operations per second, by the usual count, to the peak. It may be above 1, as
/// the engine saves operations.
struct Floor {
  std::string_view name;
  double share;  ///< some 60 to 70% of the usual ratio
};

constexpr Floor kFloors[] = {
    {"notebook", 0.76}, {"linear-6-k40", 0.96}, {"mesa-1", 0.46}, {"linear-1-t200", 1.5}};
constexpr int kRounds = 9;
constexpr int kAttempts = 3;  // other load can only slow a step down

double floor_of(std::string_view name) {
  for (const Floor& floor : kFloors) {
    if (floor.name == name) return floor.share;
  }
  return 0;
}

bool check_once(const std::vector<BenchmarkCase>& cases) {
  const Measurements measured = measure(cases, kRounds);
  bool holds = true;
  for (const CaseMeasurement& m : measured.cases) {
    const double share = m.rate() / measured.peak;
    const bool fast_enough = share >= floor_of(m.name);
    std::printf("%-14s %3.0f%% of the peak, floor %3.0f%%%s\n", m.name.c_str(), 100 * share,
                100 * floor_of(m.name), fast_enough ? "" : ": too slow");
    holds &= fast_enough;
  }
  return holds;
}

}  // namespace

bool check_floors() {
  std::vector<BenchmarkCase> cases;
  for (const BenchmarkCase& benchmark : benchmark_cases()) {
    if (floor_of(benchmark.name) > 0) cases.push_back(benchmark);
  }
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (check_once(cases)) return true;
  }
  return false;
}

}  // namespace mesa
