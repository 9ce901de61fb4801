#include "train/trainer.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <utility>

#include "core/random.h"
#include "core/sizes.h"
#include "model/fused_weights.h"
#include "model/transformer.h"
#include "train/loss.h"
#include "train/schedule.h"

namespace mesa {

Trainer::Trainer(const TaskConfig& task, const TokenConfig& tokens, const ModelConfig& model,
                 const TrainingConfig& training, std::uint64_t seed, int threads)
    : task_(task),
      tokens_(tokens),
      compiled_(fused_model(model, tokens)),
      training_(training),
      seed_(seed),
      fused_parameters_(compiled_.fused.size),
      fused_weights_(compiled_.fused.weights(std::as_const(fused_parameters_).data())),
      gradient_(compiled_.own.size),
      state_(initial_state()),
      partition_(training.batch_size, model.positions),
      threads_(std::make_unique<ThreadPool>(threads)),
      sums_(std::make_unique<BatchSums>(partition_, kStepTotals, compiled_.fused.size)) {
  const int sequences = tile_sequences(model.positions);
  const std::size_t numbers = std::size_t(sequences) * (model.positions + 1) * task.observation_size;
  for (int thread = 0; thread < threads; ++thread)
    memory_.push_back({std::vector<float>(numbers), Workspace<float>(compiled_, sequences)});
}

TrainingState Trainer::initial_state() const {
  const ModelState model{initial_parameters(compiled_.config, seed_), AdamWState(compiled_.own.size)};
  return {model, model};
}

StepResult Trainer::step() {
  sums_->want(0, kGradientGroups);
  continue_sums(Deadline::never());
  return finish_step();
}

bool Trainer::continue_sums(const Deadline& deadline) {
  if (!is_fused_) {
    fuse_weights(compiled_, compiled_.own.weights(std::as_const(state_.model.parameters).data()),
                 compiled_.fused.weights(fused_parameters_.data()));
    is_fused_ = true;
  }
  return sums_->continue_until(deadline, *threads_, [this](int worker, int first, int count, BatchSum& sum) {
    add_tile(first, count, memory_[std::size_t(worker)], sum);
  });
}

StepResult Trainer::finish_step() {
  const StepResult result = judgement();
  if (result.health != TrainingHealth::fine) {
    go_back();
    return result;
  }
  if (result.is_too_high) {
    ++state_.bad_steps;
  } else {
    state_.last_good = state_.model;
    state_.bad_steps = 0;
  }
  fuse_weights_backward(compiled_, compiled_.own.weights(std::as_const(state_.model.parameters).data()),
                        compiled_.fused.weights(sums_->total().gradient.data()),
                        compiled_.own.weights(gradient_.data()));
  adamw_update(state_.model.optimiser, gradient_, scheduled_learning_rate(training_, state_.model.step),
               training_.weight_decay, training_.gradient_limit, state_.model.parameters);
  ++state_.model.step;
  leave_step();
  return result;
}

StepResult Trainer::judge_state() {
  sums_->want(0, kGradientGroups);
  continue_sums(Deadline::never());
  const StepResult result = judgement();
  if (result.health != TrainingHealth::fine) go_back();
  return result;
}

StepResult Trainer::judgement() const {
  const double scale = 1 / (double(training_.batch_size) * compiled_.config.positions);
  const BatchSum& total = sums_->total();
  StepResult result{total.totals[kSquaredError] * scale};
  result.is_too_high = result.loss > kAstrayFactor * scale * total.totals[kSquaredTargets];
  // A weight that the model does not read leaves its loss finite.
  const bool finite = std::ranges::all_of(state_.model.parameters, [](float x) { return std::isfinite(x); });
  if (!finite || !std::isfinite(result.loss)) {
    result.health = TrainingHealth::not_finite;
  } else if (result.is_too_high && state_.bad_steps + 1 >= kAstraySteps) {
    result.health = TrainingHealth::astray;
  }
  return result;
}

void Trainer::go_back() {
  state_.model = state_.last_good;
  state_.bad_steps = 0;
  leave_step();
}

void Trainer::set_state(TrainingState state) {
  state_ = std::move(state);
  leave_step();
}

void Trainer::leave_step() {
  sums_->clear();
  is_fused_ = false;
}

void Trainer::draw_ahead(int first, int end, const Deadline& deadline) {
  const int step = state_.model.step + 1;
  const int first_sequence = partition_.first_sequence(first);
  const int size = (compiled_.config.positions + 1) * task_.observation_size;
  const int count = std::min(partition_.first_sequence(end) - first_sequence, kNumbersAhead / size);
  if (ahead_.step != step || ahead_.first != first_sequence) {
    ahead_.step = step;
    ahead_.first = first_sequence;
    ahead_.count = 0;
  }
  if (ahead_.count >= count) return;
  ahead_.states.resize(std::max(ahead_.states.size(), std::size_t(count) * size));
  do {
    draw(step, first_sequence + ahead_.count, states_of(ahead_.states.data(), ahead_.count));
  } while (++ahead_.count < count && !deadline.has_passed());
}

void Trainer::draw(int step, int sequence, const MatrixView<float>& states) const {
  RandomStream random(seed_, RandomPurpose::training, std::uint32_t(step), std::uint32_t(sequence));
  generate_sequence(task_, random, states);
}

MatrixView<const float> Trainer::drawn(int sequence, const MatrixView<float>& room) const {
  const int index = sequence - ahead_.first;
  if (ahead_.step == state_.model.step && index >= 0 && index < ahead_.count)
    return states_of(ahead_.states.data(), index);
  draw(state_.model.step, sequence, room);
  return room;
}

void Trainer::add_tile(int first, int sequences, ThreadMemory& memory, BatchSum& sum) const {
  Workspace<float>& workspace = memory.workspace;
  workspace.set_sequences(sequences);
  std::array<MatrixView<const float>, kTileSequences> states;
  for (int n = 0; n < sequences; ++n) {
    states[std::size_t(n)] = drawn(first + n, states_of(memory.states.data(), n));
    write_tokens(tokens_, states[std::size_t(n)], workspace.tokens(n));
  }

  forward(compiled_, fused_weights_, workspace);

  const int positions = compiled_.config.positions;
  const auto scale = float(1 / (double(training_.batch_size) * positions));
  workspace.clear_gradients();
  for (int n = 0; n < sequences; ++n) {
    const MatrixView<const float> predictions = workspace.predictions(n);
    const MatrixView<const float> targets = states[std::size_t(n)].row_range(1, positions);
    sum.totals[kSquaredError] += squared_error(predictions, targets);
    sum.totals[kSquaredTargets] += zero_squared_error(targets);
    squared_error_gradient(predictions, targets, scale, workspace.prediction_gradient(n));
  }

  backward(compiled_, fused_weights_, workspace, compiled_.fused.weights(sum.gradient.data()));
}

}  // namespace mesa
