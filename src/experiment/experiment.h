#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/subject.h"
#include "analysis/weight_products.h"
#include "core/error.h"
#include "evaluate/in_context_loss.h"
#include "experiment/config.h"
#include "experiment/run_checkpoint.h"
#include "train/trainer.h"

namespace mesa {

/// Where training stands after a call of Experiment::train().
struct TrainingStatus {
  int step = 0;                                  ///< updates done since the start
  double batch_loss = 0;                         ///< of the newest batch, before its update
  double learning_rate = 0;                      ///< of the next update
  TrainingHealth health = TrainingHealth::fine;  ///< otherwise training cannot go on
};

/// Why training cannot go on, and what to do; empty if it can. status: its step is that of the state kept.
std::string why_stopped(const Config& config, const TrainingStatus& status);

/// One training run with all that is asked about its model: the facade that the command line and the bindings
/// both drive. Comparison is the one for the algorithms beside it.
class Experiment {
 public:
  /// `config` comes from make_config(). threads >= 1; results do not depend on it.
  explicit Experiment(Config config, int threads = 1);

  [[nodiscard]] const Config& config() const { return config_; }
  [[nodiscard]] int threads() const { return threads_; }
  [[nodiscard]] int step() const { return trainer_.state().model.step; }
  [[nodiscard]] std::span<const float> parameters() const { return trainer_.state().model.parameters; }

  /// Does up to `steps` updates. When the loss is no longer finite, or stays absurdly high, it stops, keeps
  /// the last good state and says so.
  TrainingStatus train(int steps);

  /// Judges the newest update too, which no step has: by the next step's batch. A bad state is left likewise.
  TrainingStatus judge_state() { return status_after(trainer_.judge_state()); }

  /// The same by the model's held-out loss. At the end of a run, after which nothing can mend it, one far
  /// above that of predicting zero is bad at once.
  TrainingStatus judge_held_out(const LossCurve& loss, bool is_end);

  /// The trainer, for experiments elsewhere that share its steps, and what finishing a step means here.
  [[nodiscard]] Trainer& trainer() { return trainer_; }
  TrainingStatus finish_step();

  /// The model as it is now, on the held-out sequences.
  LossCurve evaluate_model() { return evaluate_model(parameters()); }

  /// The same with other parameters, such as those of an earlier step.
  LossCurve evaluate_model(std::span<const float> parameters);

  /// What that makes its curve of, for the evaluation groups [first, end), in pieces: begun, continued until
  /// it says that all is there, and taken. Throws Error when none is begun or not all is there.
  void begin_evaluation(std::span<const float> parameters, int first, int end);
  bool continue_evaluation(const Deadline& deadline);
  LossSums take_loss_sums();

  /// For analyses of the model as it is; valid while it is and until it trains on.
  [[nodiscard]] Subject subject() const {
    return {config_.task, config_.tokens, config_.model, parameters(), config_.seed};
  }

  /// layer and head count from 0; throws Error when there is no such.
  [[nodiscard]] WeightProducts weight_products(int layer, int head) const;

  /// Back to step 0 with the same seed.
  void restart();

  /// Configuration, weights, optimiser and step.
  [[nodiscard]] Checkpoint checkpoint() const { return run_checkpoint(config_, trainer_); }
  /// Goes on from where the checkpoint was taken, under this experiment's configuration. Throws Error when it
  /// is of another model.
  void restore(const Checkpoint& checkpoint);

 private:
  [[nodiscard]] TrainingStatus status_after(const StepResult& result) const;
  /// Of predicting zero, on the held-out sequences.
  double zero_loss();
  /// Made when they are first needed, and drawn then or later: a browser can train before.
  DrawnSequences& held_out();

  Config config_;
  int threads_;
  Trainer trainer_;
  std::unique_ptr<DrawnSequences> held_out_;  ///< stay where they are when this is moved
  std::optional<LossSummation> evaluation_;
};

}  // namespace mesa
