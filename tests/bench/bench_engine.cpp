// Times whole training steps of the native engine on one thread, batch generation and optimiser included; see
// --help. Every round runs each case once, so that other load affects all of them; the figures are medians
// over the rounds, of processor time.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "benchmark_case.h"
#include "core/error.h"
#include "fixture.h"
#include "guard.h"
#include "measurement.h"

namespace mesa {
namespace {

const BenchmarkCase& find_case(const std::string& name) {
  std::vector<std::string_view> names;
  for (const BenchmarkCase& benchmark : benchmark_cases()) {
    if (benchmark.name == name) return benchmark;
    names.push_back(benchmark.name);
  }
  throw unknown_name("case", names, name);
}

std::vector<BenchmarkCase> chosen_cases(const std::vector<std::string>& names) {
  if (names.empty()) return benchmark_cases();
  std::vector<BenchmarkCase> cases;
  std::transform(names.begin(), names.end(), std::back_inserter(cases), find_case);
  return cases;
}

void print_table(const Measurements& measured) {
  std::printf("peak %.1f GFLOP/s\n%-14s %10s %10s %10s %8s %10s %10s\n", measured.peak, "case", "ms/step",
              "GFLOP/s", "executed", "of peak", "batch ms", "AdamW ms");
  for (const CaseMeasurement& m : measured.cases) {
    const double executed = m.executed_rate();
    std::printf("%-14s %10.3f %10.1f %10.1f %7.0f%% %10.3f %10.3f\n", m.name.c_str(), 1e3 * m.step_seconds,
                m.rate(), executed, 100 * executed / measured.peak, 1e3 * m.batch_seconds,
                1e3 * m.optimiser_seconds);
  }
}

nlohmann::json measurements_json(const Measurements& measured, const std::vector<BenchmarkCase>& cases) {
  nlohmann::json results = nlohmann::json::array();
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const CaseMeasurement& m = measured.cases[i];
    nlohmann::json query = {{"preset", cases[i].preset}, {"variant", cases[i].variant}};
    for (const Setting& setting : cases[i].settings) query[std::string(setting.key)] = setting.text;
    results.push_back({{"name", m.name},
                       {"query", query},
                       {"operations", m.operations},
                       {"executed_operations", m.executed_operations},
                       {"ms_per_step", 1e3 * m.step_seconds},
                       {"batch_ms", 1e3 * m.batch_seconds},
                       {"optimiser_ms", 1e3 * m.optimiser_seconds}});
  }
  return {{"peak", measured.peak}, {"cases", results}};
}

int run(int argc, char** argv) {
  CLI::App app("Times whole training steps on one thread, and the multiply-add peak");
  int rounds = 15;
  std::vector<std::string> names;
  std::string fixture;
  bool as_json = false;
  bool guard = false;
  app.add_option("cases", names, "Cases to time; all by default");
  app.add_option("--rounds", rounds, "How often each case runs")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_flag("--json", as_json, "Print JSON");
  app.add_option("--fixture", fixture,
                 "Print weights, batch and losses of this case as JSON instead of timing");
  app.add_flag("--guard", guard, "Fail if a case has become far slower relative to the peak");
  CLI11_PARSE(app, argc, argv);
  if (guard) return check_floors() ? EXIT_SUCCESS : EXIT_FAILURE;
  if (!fixture.empty()) {
    std::cout << make_fixture(find_case(fixture)) << '\n';
    return EXIT_SUCCESS;
  }
  const std::vector<BenchmarkCase> cases = chosen_cases(names);
  const Measurements measured = measure(cases, rounds);
  if (as_json) {
    std::cout << measurements_json(measured, cases) << '\n';
  } else {
    print_table(measured);
  }
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace mesa

int main(int argc, char** argv) {
  try {
    return mesa::run(argc, argv);
  } catch (const mesa::Error& error) {
    std::fprintf(stderr, "bench_engine: %s\n", error.what());
    return 2;
  }
}
