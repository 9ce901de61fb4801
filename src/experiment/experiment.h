#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/weight_products.h"
#include "evaluate/in_context_loss.h"
#include "experiment/config.h"
#include "experiment/run_checkpoint.h"
#include "train/trainer.h"

namespace mesa {

/// Where training stands after a call of Experiment::train().
struct TrainingStatus {
  int step = 0;              ///< updates done since the start
  double batch_loss = 0;     ///< of the newest batch, before its update
  double learning_rate = 0;  ///< of the next update
  std::string stopped;       ///< empty, or why training cannot go on
};

/// One training run with all that is asked about its model: the facade that the command line and the bindings
/// both drive. Comparison is the one for the algorithms beside it.
class Experiment {
 public:
  /// `config` comes from make_config(). threads >= 1; results do not depend on it.
  explicit Experiment(Config config, int threads = 1);

  [[nodiscard]] const Config& config() const { return config_; }
  [[nodiscard]] int threads() const { return threads_; }
  [[nodiscard]] int step() const { return trainer_.state().step; }
  [[nodiscard]] std::span<const float> parameters() const { return trainer_.state().parameters; }

  /// Does up to `steps` updates. When the loss is no longer finite, or stays absurdly high, it stops, keeps
  /// the last good state and says so.
  TrainingStatus train(int steps);

  /// The trainer, for experiments elsewhere that hold the same state to share its steps, and what finishing a
  /// step means here.
  [[nodiscard]] Trainer& trainer() { return trainer_; }
  TrainingStatus finish_step(int shares);

  /// The model as it is now, on the held-out sequences.
  LossCurve evaluate_model() { return evaluate_model(parameters()); }

  /// The same with other parameters, such as those of an earlier step.
  LossCurve evaluate_model(std::span<const float> parameters);

  /// One of `shares` parts of the sums that evaluate_model() makes its curve of.
  LossSums loss_sums(int share, int shares);

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
  /// Drawn when they are first needed: a browser can train before.
  const DrawnSequences& held_out();

  Config config_;
  int threads_;
  Trainer trainer_;
  std::optional<DrawnSequences> held_out_;
};

}  // namespace mesa
