#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "data/task.h"
#include "data/tokens.h"
#include "model/config.h"
#include "model/parameters.h"
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

/// Trains a Transformer to predict the next state, on a fresh batch at each step.
class Trainer {
 public:
  /// The configurations must fit together (model positions and width those of the task's tokens). threads >=
  /// 1; the result does not depend on it.
  Trainer(const TaskConfig& task, const TokenConfig& tokens, const ModelConfig& model,
          const TrainingConfig& training, std::uint64_t seed, int threads);

  /// One update. Returns the loss of the step's batch before it, the mean of |prediction - s_{t+1}|^2 / 2
  /// over the batch's positions. When that is not finite nothing is updated: the state goes back to that
  /// before the update that did the damage, and further calls do the same again.
  double step();

  [[nodiscard]] const TrainingState& state() const { return state_; }
  [[nodiscard]] const ParameterTable& parameter_table() const { return table_; }

 private:
  /// What one thread needs to work on a tile.
  struct Workspace {
    std::vector<float> states;  ///< [N, T + 1, d]
    Activations<float> activations;
    ActivationGradients<float> gradients;
  };
  /// The sum over the sequences of one gradient group.
  struct GroupSum {
    double squared_error = 0;
    std::vector<float> gradient;
  };

  void sum_group(int group, Workspace& workspace, GroupSum& sum) const;
  double add_tile(int first_sequence, int sequences, Workspace& workspace, float* gradient) const;
  /// Adds the groups in order into the first one's gradient; returns the summed squared error.
  double reduce_groups();
  /// What the passes run on: the parameters, or those of their product form.
  [[nodiscard]] const float* pass_parameters() const;

  TaskConfig task_;
  TokenConfig tokens_;
  ModelConfig model_;
  TrainingConfig training_;
  std::uint64_t seed_;
  ParameterTable table_;
  bool uses_product_form_;  ///< the passes run on the model's product form (model/product_form.h), as less
                            ///< work
  ModelConfig pass_model_;  ///< what they run on
  ParameterTable pass_table_;
  std::vector<float> product_parameters_;  ///< of the product form, empty without
  std::vector<float> gradient_;  ///< of the parameters, where the passes give that of the product form
  TrainingState state_;
  TrainingState previous_;  ///< one update earlier, to return to
  std::vector<Workspace> workspaces_;
  std::vector<GroupSum> groups_;
};

}  // namespace mesa
