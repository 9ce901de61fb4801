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

/// The state of training after a call of Experiment::train().
struct TrainingStatus {
  int step = 0;                                  ///< updates done since the start
  double batch_loss = 0;                         ///< of the newest batch, before its update
  double learning_rate = 0;                      ///< of the next update
  TrainingHealth health = TrainingHealth::fine;  ///< if not fine, training cannot continue
};

/// Says why training stopped at the state of status.step, and what to try; empty if it is fine.
std::string why_stopped(const Config& config, const TrainingStatus& status);

/// One training run and all that is asked about its model: the facade for the command line and the bindings.
/// Comparison is that for the reference algorithms.
class Experiment {
 public:
  /// `config` comes from make_config(). threads >= 1; results do not depend on it.
  explicit Experiment(Config config, int threads = 1);

  [[nodiscard]] const Config& config() const { return config_; }
  [[nodiscard]] int threads() const { return threads_; }
  [[nodiscard]] int step() const { return trainer_.state().model.step; }
  [[nodiscard]] std::span<const float> parameters() const { return trainer_.state().model.parameters; }

  /// Does up to `steps` updates. If the loss is no longer finite or stays absurdly high, it stops, returns to
  /// the last good state and reports that.
  TrainingStatus train(int steps);

  /// Judges the newest update, as no step has yet, by the next batch. A bad state is left as in train().
  TrainingStatus judge_state() { return status_after(trainer_.judge_state()); }

  /// Judges the state by the model's held-out loss. At the end of a run a loss far above that of predicting
  /// zero is bad at once.
  TrainingStatus judge_held_out(const LossCurve& loss, bool is_end);

  /// The trainer, for sharing its steps with other experiments; finish_step() completes such a step here.
  [[nodiscard]] Trainer& trainer() { return trainer_; }
  TrainingStatus finish_step();

  /// The current model's loss on the held-out sequences.
  LossCurve evaluate_model() { return evaluate_model(parameters()); }

  /// The same with other parameters, such as those of an earlier step.
  LossCurve evaluate_model(std::span<const float> parameters);

  /// Computes the sums of that curve for the evaluation groups [first, end) in pieces: begin, continue until
  /// it returns true, then take. Throws Error if no evaluation is begun, or not all is there to take.
  void begin_evaluation(std::span<const float> parameters, int first, int end);
  bool continue_evaluation(const Deadline& deadline);
  LossSums take_loss_sums();

  /// The current model for analyses, valid while this exists and until it trains on.
  [[nodiscard]] Subject subject() const {
    return {config_.task, config_.tokens, config_.model, parameters(), config_.seed};
  }

  /// layer and head count from 0. Throws Error if they are out of range.
  [[nodiscard]] WeightProducts weight_products(int layer, int head) const;

  /// Returns to step 0 with the same seed.
  void restart();

  /// Configuration, weights, optimiser and step.
  [[nodiscard]] Checkpoint checkpoint() const { return run_checkpoint(config_, trainer_); }
  /// Continues from a checkpoint under this configuration. Throws Error if it is of another model.
  void restore(const Checkpoint& checkpoint);

 private:
  [[nodiscard]] TrainingStatus status_after(const StepResult& result) const;
  /// The loss of predicting zero on the held-out sequences.
  double zero_loss();
  /// The held-out sequences, made when needed and drawn then or later, so that a browser can train first.
  DrawnSequences& held_out();

  Config config_;
  int threads_;
  Trainer trainer_;
  std::unique_ptr<DrawnSequences> held_out_;  ///< on the heap, so that they stay in place when this is moved
  std::optional<LossSummation> evaluation_;
};

}  // namespace mesa
