#include "measurement.h"

#include <algorithm>
#include <ctime>

#include "peak.h"
#include "step_arithmetic.h"
#include "train/trainer.h"

namespace mesa {
namespace {

double median(std::vector<double> values) {
  const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Processor time, which excludes the time spent waiting on a busy machine.
template <class Work>
double seconds_of(const Work& work) {
  const std::clock_t start = std::clock();
  work();
  return double(std::clock() - start) / CLOCKS_PER_SEC;
}

/// In GFLOP/s.
double measure_peak() {
  double operations = 0;
  const double seconds = seconds_of([&] { operations = run_multiply_adds(); });
  return 1e-9 * operations / seconds;
}

/// Runs a case and keeps its times.
class Stopwatch {
 public:
  explicit Stopwatch(const BenchmarkCase& benchmark)
      : name_(benchmark.name),
        config_(make_config(benchmark)),
        trainer_(config_.task, config_.tokens, config_.model, config_.training, config_.seed, 1),
        states_(std::size_t(config_.model.positions + 1) * config_.task.observation_size),
        tokens_(std::size_t(config_.model.positions) *
                token_width(config_.tokens, config_.task.observation_size)),
        optimiser_(trainer_.parameter_table().size),
        parameters_(trainer_.parameter_table().size),
        gradient_(trainer_.parameter_table().size, 1e-3F) {
    trainer_.step();
  }

  void run() {
    step_.push_back(seconds_of([&] { trainer_.step(); }));
    batch_.push_back(seconds_of([&] { draw_batch(); }));
    optimise_.push_back(seconds_of([&] { update(); }));
  }

  [[nodiscard]] CaseMeasurement result() const {
    return {name_,
            median(step_),
            median(batch_),
            median(optimise_),
            standard_operations(config_),
            executed_operations(config_)};
  }

 private:
  /// Does a step's work for its batch.
  void draw_batch() {
    const int positions = config_.model.positions;
    const int channels = config_.task.observation_size;
    const MatrixView<float> states(states_.data(), positions + 1, channels);
    const MatrixView<float> tokens(tokens_.data(), positions, token_width(config_.tokens, channels));
    for (int n = 0; n < config_.training.batch_size; ++n) {
      RandomStream random(config_.seed, RandomPurpose::training, std::uint32_t(step_.size()),
                          std::uint32_t(n));
      generate_sequence(config_.task, random, states);
      write_tokens(config_.tokens, read_only(states), tokens);
    }
  }

  /// Does a step's work with its gradient.
  void update() {
    adamw_update(optimiser_, gradient_, config_.training.learning_rate, config_.training.weight_decay,
                 config_.training.gradient_limit, parameters_);
  }

  std::string name_;
  Config config_;
  Trainer trainer_;
  std::vector<float> states_;  ///< [T + 1, d]
  std::vector<float> tokens_;  ///< [T, token channels]
  AdamWState optimiser_;
  std::vector<float> parameters_;
  std::vector<float> gradient_;
  std::vector<double> step_;
  std::vector<double> batch_;
  std::vector<double> optimise_;
};

}  // namespace

Measurements measure(const std::vector<BenchmarkCase>& cases, int rounds) {
  std::vector<Stopwatch> stopwatches(cases.begin(), cases.end());
  std::vector<double> peaks;
  for (int round = 0; round < rounds; ++round) {
    peaks.push_back(measure_peak());
    for (Stopwatch& stopwatch : stopwatches) stopwatch.run();
  }
  Measurements measured{median(peaks), {}};
  for (const Stopwatch& stopwatch : stopwatches) measured.cases.push_back(stopwatch.result());
  return measured;
}

}  // namespace mesa
