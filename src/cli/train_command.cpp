#include <algorithm>
#include <chrono>
#include <iomanip>
#include <ostream>

#include "cli/commands.h"
#include "cli/json_output.h"
#include "cli/run_options.h"
#include "core/error.h"

namespace mesa {
namespace {

constexpr int kStopped = 1;

class ProgressLine {
 public:
  ProgressLine(std::ostream& stream, int steps, bool quiet) : stream_(stream), steps_(steps), quiet_(quiet) {}

  void show(const CurvePoint& point, double seconds) {
    if (quiet_) return;
    stream_ << "step " << std::setw(6) << std::right << point.step << " of " << steps_ << "   held-out loss "
            << std::fixed << std::setprecision(4) << point.loss << "   " << std::setprecision(1) << seconds
            << " s" << std::endl;
  }

 private:
  std::ostream& stream_;
  int steps_;
  bool quiet_;
};

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

Experiment make_experiment(const TrainOptions& options) {
  std::vector<Setting> more;
  if (!options.steps.empty()) more.push_back({"steps", options.steps});
  if (options.run.preset.empty() && options.resume.empty()) {
    throw missing("--preset", "a preset to start from, or a checkpoint to --resume,");
  }
  if (options.resume.empty()) return Experiment(config_from(options.run, more), options.threads);

  std::vector<Setting> overrides = parse_settings(options.run.settings);
  overrides.insert(overrides.end(), more.begin(), more.end());
  return experiment_from(options.resume, overrides, options.threads);
}

}  // namespace

int train_command(const TrainOptions& options, std::ostream& out, std::ostream& err) {
  Experiment experiment = make_experiment(options);
  JsonOutput output(options.out, out);
  const auto save = [&] {
    if (!options.checkpoint.empty()) write_checkpoint(experiment.checkpoint(), options.checkpoint);
  };

  const Config& config = experiment.config();
  const auto start = std::chrono::steady_clock::now();
  ProgressLine progress(err, config.training.steps, options.quiet);
  const int first_step = experiment.step();
  std::vector<CurvePoint> curve;
  TrainingStatus status;
  double training_seconds = 0;
  while (true) {
    save();
    curve.push_back({experiment.step(), experiment.evaluate_model().mean});
    progress.show(curve.back(), seconds_since(start));
    const int left = config.training.steps - experiment.step();
    if (left <= 0 || status.health != TrainingHealth::fine) break;
    // A resumed run is evaluated at the same steps as one that was never interrupted.
    const int interval = config.evaluation.interval;
    const auto before = std::chrono::steady_clock::now();
    status = experiment.train(std::min(left, interval - experiment.step() % interval));
    training_seconds += seconds_since(before);
  }

  Json json = run_json(experiment, curve, status);
  const double tokens =
      double(experiment.step() - first_step) * config.training.batch_size * config.task.sequence_length;
  json["seconds"] = seconds_since(start);
  json["tokens_per_second"] = training_seconds > 0 ? tokens / training_seconds : 0;
  output.write(json);
  if (status.health == TrainingHealth::fine) return 0;
  err << "mesa: " << why_stopped(config, status) << '\n';
  return kStopped;
}

}  // namespace mesa
