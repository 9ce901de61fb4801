#include <algorithm>
#include <chrono>
#include <cmath>
#include <iomanip>
#include <optional>
#include <ostream>

#include "cli/commands.h"
#include "cli/files.h"
#include "cli/json_output.h"
#include "cli/run_options.h"
#include "cli/stop_signals.h"
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

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
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

/// Quotes the path for a shell where needed.
std::string quoted(const std::string& path) {
  constexpr const char* kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+-=:,@%";
  if (path.find_first_not_of(kPlain) == std::string::npos) return path;
  std::string word = "'";
  for (const char character : path)
    word += character == '\'' ? std::string("'\\''") : std::string(1, character);
  return word + "'";
}

/// A training run from its first evaluation to its last, with its curve and checkpoint.
class TrainingRun {
 public:
  TrainingRun(const TrainOptions& options, Experiment& experiment, std::ostream& err)
      : options_(options),
        experiment_(experiment),
        progress_(err, experiment.config().training.steps, options.quiet) {
    if (!options.checkpoint.empty()) checkpoint_.emplace(NamedPath{"--checkpoint", options.checkpoint});
  }

  /// Trains until the run ends. Returns 0, or the signal that ended it.
  int train(const StopRequest& stop) {
    judge_and_save();
    while (!stop.signal()) {
      evaluate();
      if (is_over()) return 0;
      train_to_evaluation(stop);
      judge_and_save();
    }
    return stop.signal();
  }

  [[nodiscard]] const TrainingStatus& status() const { return status_; }

  /// The message for a signal that ends the run now.
  [[nodiscard]] std::string farewell() const {
    const std::string stopped = "mesa: stopped after step " + std::to_string(experiment_.step());
    if (!checkpoint_) return stopped + "; nothing is kept, as --checkpoint was not given\n";
    const std::string path = quoted(options_.checkpoint);
    return stopped + "; continue with `mesa train --resume " + path + " --checkpoint " + path + "`\n";
  }

  [[nodiscard]] Json json() const {
    Json json = run_json(experiment_, curve_, status_);
    const Config& config = experiment_.config();
    const double tokens = double(steps_done_) * config.training.batch_size * config.task.sequence_length;
    json["seconds"] = seconds_since(start_);
    json["tokens_per_second"] = training_seconds_ > 0 ? tokens / training_seconds_ : 0;
    return json;
  }

 private:
  [[nodiscard]] int steps_left() const { return experiment_.config().training.steps - experiment_.step(); }
  [[nodiscard]] bool is_fine() const { return status_.health == TrainingHealth::fine; }
  [[nodiscard]] bool is_over() const { return !is_fine() || steps_left() <= 0; }

  void save() const {
    if (checkpoint_) checkpoint_->write(checkpoint_bytes(experiment_.checkpoint()));
  }

  /// Judges before saving, so that the checkpoint never holds a state that the newest update ruined.
  void judge_and_save() {
    const auto before = Clock::now();
    if (is_fine()) status_ = experiment_.judge_state();
    training_seconds_ += seconds_since(before);
    save();
  }

  /// Trains up to a multiple of the interval, so that a resumed run is evaluated at the same steps.
  void train_to_evaluation(const StopRequest& stop) {
    const auto before = Clock::now();
    const int interval = experiment_.config().evaluation.interval;
    int steps = std::min(steps_left(), interval - experiment_.step() % interval);
    for (; steps > 0 && is_fine() && !stop.signal(); --steps) {
      status_ = experiment_.train(1);
      ++steps_done_;
    }
    training_seconds_ += seconds_since(before);
  }

  /// Adds a point to the curve: of the last good state, if the evaluation shows that the new one is bad.
  void evaluate() {
    const Farewell at_once(farewell());
    LossCurve loss = experiment_.evaluate_model();
    if (is_fine()) {
      status_ = experiment_.judge_held_out(loss, steps_left() <= 0);
      if (!is_fine()) {
        save();
        loss = experiment_.evaluate_model();
      }
    }
    const bool is_news = curve_.empty() || curve_.back().step < experiment_.step();
    if (!is_news || !std::isfinite(loss.mean)) return;
    curve_.push_back({experiment_.step(), loss.mean});
    progress_.show(curve_.back(), seconds_since(start_));
  }

  const TrainOptions& options_;
  Experiment& experiment_;
  std::optional<OutputFile> checkpoint_;
  Clock::time_point start_ = Clock::now();
  ProgressLine progress_;
  std::vector<CurvePoint> curve_;
  TrainingStatus status_;
  int steps_done_ = 0;
  double training_seconds_ = 0;
};

}  // namespace

int train_command(const TrainOptions& options, std::ostream& out, std::ostream& err) {
  check_apart({"--out", options.out}, {{"--resume", options.resume}, {"--checkpoint", options.checkpoint}});
  Experiment experiment = make_experiment(options);
  JsonOutput output(options.out, out);
  TrainingRun run(options, experiment, err);
  {
    const StopRequest stop;
    if (const int signal = run.train(stop)) {
      err << run.farewell() << std::flush;
      return exit_code_of(signal);
    }
  }
  {
    const Farewell at_once(run.farewell());
    output.write(run.json());
  }
  if (run.status().health == TrainingHealth::fine) return 0;
  err << "mesa: " << why_stopped(experiment.config(), run.status()) << '\n';
  return kStopped;
}

}  // namespace mesa
