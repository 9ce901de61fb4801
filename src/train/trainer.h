#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/deadline.h"
#include "core/parallel.h"
#include "data/task.h"
#include "data/tokens.h"
#include "model/compiled_model.h"
#include "model/config.h"
#include "model/workspace.h"
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

/// The totals of a step's sums.
enum StepTotal : std::size_t {
  kSquaredError,
  kSquaredTargets,  ///< the squared error of predicting zero
  kStepTotals
};

/// How many numbers may be drawn ahead: 128 sequences of 50 positions, enough to fill the wait for another
/// worker.
inline constexpr int kNumbersAhead = 1 << 16;

/// Trains a Transformer to predict the next state, on a fresh batch at each step.
class Trainer {
 public:
  /// The configurations must fit together: positions and width of the model are those of the task's tokens.
  /// threads >= 1; the result does not depend on it.
  Trainer(const TaskConfig& task, const TokenConfig& tokens, const ModelConfig& model,
          const TrainingConfig& training, std::uint64_t seed, int threads);

  /// One update. The loss is the mean of |prediction - s_{t+1}|^2 / 2 over the batch's positions. If the
  /// training has diverged, nothing is updated and the state goes back to the last good one, see go_back().
  StepResult step();

  /// Judges the present state as the next step would, by that step's batch, whose sums are kept for it. If
  /// the training has diverged, the state goes back; otherwise nothing changes.
  StepResult judge_state();
  /// Goes back to the last good state: the last one whose loss was finite and not far above that of
  /// predicting zero.
  void go_back();

  /// A step in parts, for trainers in several workers that share its work. All have the same state. Each sums
  /// a range of the batch's gradient groups, adds the others' sums and makes the update, whose bits do not
  /// depend on who summed what: sums().want(), continue_sums() and sums().add() in any order, then
  /// finish_step().
  ///
  /// The sums of this step: totals in the order of StepTotal, and the gradient of the fused weights.
  BatchSums& sums() { return *sums_; }
  [[nodiscard]] const BatchSums& sums() const { return *sums_; }
  /// Sums the wanted groups until all are there or the deadline has passed; at least one tile. Returns
  /// whether all are there.
  bool continue_sums(const Deadline& deadline);
  /// Makes the update, once the sums of all groups are there.
  StepResult finish_step();
  /// Draws the first sequences of the groups [first, end) of the next step until the deadline has passed or
  /// the room is full; at least one. That step becomes faster, with the same result.
  void draw_ahead(int first, int end, const Deadline& deadline);

  [[nodiscard]] const TrainingState& state() const { return state_; }
  /// Continues from another state of the same model.
  void set_state(TrainingState state);
  /// Goes back to the first step.
  void restart() { set_state(initial_state()); }
  [[nodiscard]] const ParameterTable& parameter_table() const { return compiled_.own; }

 private:
  /// What one thread needs to work on tiles.
  struct ThreadMemory {
    std::vector<float> states;  ///< [N, T + 1, d]
    Workspace<float> workspace;
  };

  /// Consecutive sequences of a step's batch.
  struct Drawn {
    int step = -1;
    int first = 0;
    int count = 0;
    std::vector<float> states;  ///< [count, T + 1, d]
  };

  /// Of states [., T + 1, d] those of one sequence.
  template <class Scalar>
  MatrixView<Scalar> states_of(Scalar* states, int index) const {
    const int rows = compiled_.config.positions + 1;
    return {states + std::ptrdiff_t(index) * rows * task_.observation_size, rows, task_.observation_size};
  }
  [[nodiscard]] TrainingState initial_state() const;
  void draw(int step, int sequence, const MatrixView<float>& states) const;
  /// A sequence of this step's batch, drawn ahead or now into `room`.
  [[nodiscard]] MatrixView<const float> drawn(int sequence, const MatrixView<float>& room) const;
  void add_tile(int first, int sequences, ThreadMemory& memory, BatchSum& sum) const;
  /// Forgets the sums of this step when the step or the parameters change.
  void leave_step();
  /// Judges the present state, once all sums are there.
  [[nodiscard]] StepResult judgement() const;

  TaskConfig task_;
  TokenConfig tokens_;
  CompiledModel compiled_;
  TrainingConfig training_;
  std::uint64_t seed_;
  std::vector<float> fused_parameters_;
  ModelWeights<const float> fused_weights_;  ///< views of these
  std::vector<float> gradient_;              ///< of the model's own parameters
  TrainingState state_;
  bool is_fused_ = false;  ///< whether the fused parameters are those of the state
  BatchPartition partition_;
  std::unique_ptr<ThreadPool> threads_;
  std::vector<ThreadMemory> memory_;  ///< of each thread
  std::unique_ptr<BatchSums> sums_;
  Drawn ahead_;
};

}  // namespace mesa
