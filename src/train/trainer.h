#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/deadline.h"
#include "data/task.h"
#include "data/tokens.h"
#include "model/config.h"
#include "model/parameters.h"
#include "model/product_form.h"
#include "model/transformer.h"
#include "train/adamw.h"
#include "train/batch_partition.h"
#include "train/batch_sums.h"
#include "train/config.h"

namespace mesa {

/// A model and its optimiser after some updates.
struct ModelState {
  std::vector<float> parameters;
  AdamWState optimiser;
  int step = 0;  ///< updates done
};

/// All that changes while a model trains. Batches are drawn from (seed, step), so this and the configuration
/// are enough to go on from, and to judge what comes as if training had never stopped.
struct TrainingState {
  ModelState model;
  ModelState last_good;  ///< to return to
  int bad_steps = 0;     ///< in a row, up to now, whose loss was far too high
};

enum class TrainingHealth {
  fine,
  not_finite,  ///< the loss is no longer a finite number
  astray       ///< the loss has long been far above that of predicting zero
};

struct StepResult {
  double loss = 0;  ///< of the step's batch, before its update
  TrainingHealth health = TrainingHealth::fine;
  bool is_too_high = false;  ///< whether it is far above that of predicting zero
};

/// So many times the loss of predicting zero on the same batch, for so many steps in a row, is astray: a
/// clipped residual stream keeps the loss of a ruined model finite.
inline constexpr double kAstrayFactor = 3;
inline constexpr int kAstraySteps = 20;

/// Numbers that are drawn ahead: 128 sequences of 50 positions, which fill the time until another worker's
/// sum is there.
inline constexpr int kNumbersAhead = 1 << 16;

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

  /// Judges the state that the newest update led to as the next step would, by that step's batch, whose sums
  /// stay for it. Changes nothing unless the health is bad: then the state goes back.
  StepResult judge_state();
  /// Goes back to the last state whose loss was neither far too high nor not finite.
  void go_back();

  /// The same in parts, for trainers elsewhere that share the work. All are in the same state. Each sums a
  /// range of the gradient groups, adds the others' sums and makes the update. The result does not depend on
  /// who summed what.
  ///
  /// Begins to sum the groups [first, end) of this step's batch. Sums that are there stay.
  void begin_sums(int first, int end);
  /// Goes on until they are there or the deadline has passed, but for a tile at least. Returns whether they
  /// are there.
  bool continue_sums(const Deadline& deadline);
  /// Gives up the groups from `end` on that are not begun. Returns the end that holds now.
  int shorten_sums(int end) { return sums_->shorten(end); }
  /// Calls visit(GroupNode, const BatchSum&) for the sums that are there of the groups that were begun last.
  template <class Visit>
  void for_each_sum(const Visit& visit) const {
    sums_->for_each_wanted(visit);
  }
  /// Takes what another trainer summed of this step. What is there already stays as it is.
  void add_sum(GroupNode node, double squared_error, double squared_labels, std::span<const float> gradient);
  /// Whether this step's sums of all groups [first, end) that are not empty are there.
  [[nodiscard]] bool has_sums(int first, int end) const { return sums_->has_all(first, end); }
  /// The update, once the sums of all groups are there.
  StepResult finish_step();
  /// Draws what the groups [first, end) of the next step begin with, for who would only wait for the others'
  /// sums; a sequence at least, and as many as there is room for. Nothing but the time of that step depends
  /// on it.
  void draw_ahead(int first, int end, const Deadline& deadline);
  /// Numbers in a BatchSum's gradient.
  [[nodiscard]] std::size_t gradient_size() const { return form_table_.size; }

  [[nodiscard]] const TrainingState& state() const { return state_; }
  /// Goes on from another state of the same model instead.
  void set_state(TrainingState state);
  /// Goes back to the first step.
  void restart() { set_state(initial_state()); }
  [[nodiscard]] const ParameterTable& parameter_table() const { return table_; }

 private:
  /// A group that is being summed.
  struct BegunGroup {
    int group;
    int next;  ///< sequence
    BatchSums::Sum sum;
  };

  /// What one thread needs to work on tiles.
  struct Workspace {
    Workspace(const ModelConfig& config, int sequences, int numbers);

    std::vector<float> states;  ///< [N, T + 1, d]
    Activations<float> activations;
    ActivationGradients<float> gradients;
    std::optional<BegunGroup> begun;
  };

  /// Sequences in a row of a step's batch.
  struct Drawn {
    int step = -1;
    int first = 0;
    int count = 0;
    std::vector<float> states;  ///< [count, T + 1, d]
  };

  /// Of states [., T + 1, d] those of one sequence.
  template <class Scalar>
  MatrixView<Scalar> states_of(Scalar* states, int index) const {
    const int rows = model_.positions + 1;
    return {states + std::ptrdiff_t(index) * rows * task_.observation_size, rows, task_.observation_size};
  }
  [[nodiscard]] TrainingState initial_state() const;
  void draw(int step, int sequence, const MatrixView<float>& states) const;
  /// A sequence of this step's batch: drawn ahead, or else now into `room`.
  [[nodiscard]] MatrixView<const float> drawn(int sequence, const MatrixView<float>& room) const;
  /// Lets go of the begun groups that the condition is true of.
  template <class Condition>
  void give_up_begun(const Condition& condition);
  /// Works on groups that nobody else has begun, tile by tile.
  void sum_groups(Workspace& workspace, const Deadline& deadline);
  void add_tile(int first, int sequences, Workspace& workspace, BatchSum& sum) const;
  /// Forgets the sums of this step, as the step or the parameters are about to change.
  void leave_step();
  /// Of the state as it is, whose sums are all there.
  [[nodiscard]] StepResult judgement() const;

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
  bool is_multiplied_out_ = false;  ///< whether the form's parameters are those of the state
  BatchPartition partition_;
  std::vector<std::unique_ptr<Workspace>> workspaces_;  ///< one of each thread
  std::unique_ptr<BatchSums> sums_;
  Drawn ahead_;
};

}  // namespace mesa
