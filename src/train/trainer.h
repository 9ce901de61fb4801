#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "data/task.h"
#include "data/tokens.h"
#include "model/config.h"
#include "model/parameters.h"
#include "model/product_form.h"
#include "model/transformer.h"
#include "train/adamw.h"
#include "train/config.h"

namespace mesa {

/// All that changes while a model trains. Batches are drawn from (seed, step), so this and the configuration
/// are enough to go on from.
struct TrainingState {
  std::vector<float> parameters;
  AdamWState optimiser;
  int step = 0;  ///< updates done
};

enum class TrainingHealth {
  fine,
  not_finite,  ///< the loss is no longer a finite number
  astray       ///< the loss has long been far above that of predicting zero
};

/// What a step needs to know of a part of its batch: sums over sequences and positions.
struct BatchSum {
  double squared_error = 0;
  double squared_labels = 0;    ///< the squared error of predicting zero
  std::vector<float> gradient;  ///< of what the passes run on, see Trainer::gradient_size()
};

struct StepResult {
  double loss;  ///< of the step's batch, before its update
  TrainingHealth health;
};

/// So many times the loss of predicting zero on the same batch, for so many steps in a row, is astray: a
/// clipped residual stream keeps the loss of a ruined model finite.
inline constexpr double kAstrayFactor = 3;
inline constexpr int kAstraySteps = 20;

/// Trains a Transformer to predict the next state, on a fresh batch at each step.
class Trainer {
 public:
  /// The configurations must fit together (model positions and width those of the task's tokens). threads >=
  /// 1; the result does not depend on it.
  Trainer(const TaskConfig& task, const TokenConfig& tokens, const ModelConfig& model,
          const TrainingConfig& training, std::uint64_t seed, int threads);

  /// One update. The loss is the mean of |prediction - s_{t+1}|^2 / 2 over the batch's positions. Unless the
  /// health is fine nothing is updated: the state goes back to the last one whose loss was neither far too
  /// high nor not finite.
  StepResult step();

  /// The same in parts, for trainers elsewhere that hold the same state to share the work: each takes one of
  /// `shares` equal parts of the batch, gives the others its sum, takes theirs and finishes. shares is 1, 2,
  /// 4 or kGradientGroups; the result does not depend on it.
  const BatchSum& sum_share(int share, int shares);
  /// Takes the sum that another trainer made of its share.
  void set_share(int share, int shares, double squared_error, double squared_labels,
                 std::span<const float> gradient);
  /// Draws what a share of the next step begins with, for who would only wait for the others' sums. Nothing
  /// but the time of that step depends on it.
  void draw_ahead(int share, int shares);
  /// The update, once all shares have been summed or set.
  StepResult finish_step(int shares);
  /// Numbers in a BatchSum's gradient.
  [[nodiscard]] std::size_t gradient_size() const { return form_table_.size; }

  [[nodiscard]] const TrainingState& state() const { return state_; }
  /// Goes on from another state of the same model instead.
  void set_state(TrainingState state);
  [[nodiscard]] const ParameterTable& parameter_table() const { return table_; }

 private:
  /// What one thread needs to work on a tile.
  struct Workspace {
    std::vector<float> states;  ///< [N, T + 1, d]
    Activations<float> activations;
    ActivationGradients<float> gradients;
  };

  /// Sequences in a row of a step's batch.
  struct Drawn {
    int step = -1;
    int first = 0;
    int count = 0;
    std::vector<float> states;  ///< [count, T + 1, d]
  };

  /// The first sequence of a group; of the one behind the last, the size of the batch.
  [[nodiscard]] int first_sequence(int group) const;
  /// Of states [., T + 1, d] those of one sequence.
  template <class Scalar>
  MatrixView<Scalar> states_of(Scalar* states, int index) const {
    const int rows = model_.positions + 1;
    return {states + std::ptrdiff_t(index) * rows * task_.observation_size, rows, task_.observation_size};
  }
  void draw(int step, int sequence, const MatrixView<float>& states) const;
  /// A sequence of this step's batch: drawn ahead, or else now into `room`.
  [[nodiscard]] MatrixView<const float> drawn(int sequence, const MatrixView<float>& room) const;
  void sum_group(int group, Workspace& workspace, BatchSum& sum) const;
  void add_tile(int first, int sequences, Workspace& workspace, BatchSum& sum) const;
  /// Adds neighbours in pairs, then the pairs' sums in pairs, and so on, of `count` groups that are
  /// `distance` apart, into the first.
  void reduce_groups(int first, int count, int distance);
  [[nodiscard]] TrainingHealth judge(double loss, double zero_loss);

  TaskConfig task_;
  TokenConfig tokens_;
  ModelConfig model_;
  TrainingConfig training_;
  std::uint64_t seed_;
  ParameterTable table_;
  ProductForm form_;  ///< of the model, which the passes run on as less work
  ParameterTable form_table_;
  std::vector<float> form_parameters_;
  std::vector<float> gradient_;  ///< of the model's own parameters
  TrainingState state_;
  TrainingState last_good_;  ///< to return to
  int steps_too_high_ = 0;   ///< in a row
  std::vector<Workspace> workspaces_;
  std::vector<BatchSum> groups_;  ///< kGradientGroups
  Drawn ahead_;
};

}  // namespace mesa
