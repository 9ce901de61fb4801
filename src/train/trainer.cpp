#include "train/trainer.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <utility>

#include "core/parallel.h"
#include "core/random.h"
#include "core/sizes.h"
#include "train/loss.h"
#include "train/schedule.h"

namespace mesa {

Trainer::Trainer(const TaskConfig& task, const TokenConfig& tokens, const ModelConfig& model,
                 const TrainingConfig& training, std::uint64_t seed, int threads)
    : task_(task),
      tokens_(tokens),
      model_(model),
      training_(training),
      seed_(seed),
      table_(model),
      form_(cheapest_form(model, tokens)),
      form_table_(form_.config),
      form_parameters_(form_table_.size),
      gradient_(table_.size),
      state_(initial_state()),
      partition_(training.batch_size, model.positions),
      sums_(std::make_unique<BatchSums>(partition_, form_table_.size)) {
  const int sequences = tile_sequences(model.positions);
  const int numbers = sequences * (model.positions + 1) * task.observation_size;
  for (int thread = 0; thread < threads; ++thread)
    workspaces_.push_back(std::make_unique<Workspace>(form_.config, sequences, numbers));
}

TrainingState Trainer::initial_state() const {
  const ModelState model{initial_parameters(model_, seed_), AdamWState(table_.size)};
  return {model, model};
}

Trainer::Workspace::Workspace(const ModelConfig& config, int sequences, int numbers)
    : states(std::size_t{unsigned(numbers)}), activations(config, sequences), gradients(config, sequences) {}

StepResult Trainer::step() {
  begin_sums(0, kGradientGroups);
  continue_sums(Deadline::never());
  return finish_step();
}

void Trainer::begin_sums(int first, int end) {
  if (!is_multiplied_out_) {
    multiply_out(model_, form_, state_.model.parameters.data(), form_parameters_.data());
    is_multiplied_out_ = true;
  }
  sums_->want(first, end);
}

bool Trainer::continue_sums(const Deadline& deadline) {
  give_up_begun([&](int group) { return !sums_->wants(group) || sums_->has(group); });
  for_each_item(int(workspaces_.size()), int(workspaces_.size()),
                [&](int /*worker*/, int item) { sum_groups(*workspaces_[std::size_t(item)], deadline); });
  return sums_->has_all_wanted();
}

void Trainer::sum_groups(Workspace& workspace, const Deadline& deadline) {
  std::optional<BegunGroup>& begun = workspace.begun;
  do {
    if (!begun) {
      const std::optional<int> group = sums_->claim();
      if (!group) return;
      begun = {*group, partition_.first_sequence(*group), sums_->zero()};
    }
    const int sequences = partition_.tile_size(begun->next);
    add_tile(begun->next, sequences, workspace, *begun->sum);
    begun->next += sequences;
    if (begun->next == partition_.first_sequence(begun->group + 1)) {
      sums_->add(GroupNode::leaf(begun->group), std::move(begun->sum));
      begun.reset();
    }
  } while (!deadline.has_passed());
}

void Trainer::add_sum(GroupNode node, double squared_error, double squared_labels,
                      std::span<const float> gradient) {
  assert(gradient.size() == gradient_size());
  BatchSums::Sum sum = sums_->zero();
  sum->squared_error = squared_error;
  sum->squared_labels = squared_labels;
  std::ranges::copy(gradient, sum->gradient.begin());
  sums_->add(node, std::move(sum));
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
  multiply_out_backward(model_, form_, state_.model.parameters.data(), sums_->total().gradient.data(),
                        gradient_.data());
  adamw_update(state_.model.optimiser, gradient_, scheduled_learning_rate(training_, state_.model.step),
               training_.weight_decay, training_.gradient_limit, state_.model.parameters);
  ++state_.model.step;
  leave_step();
  return result;
}

StepResult Trainer::judge_state() {
  begin_sums(0, kGradientGroups);
  continue_sums(Deadline::never());
  const StepResult result = judgement();
  if (result.health != TrainingHealth::fine) go_back();
  return result;
}

StepResult Trainer::judgement() const {
  const double scale = 1 / (double(training_.batch_size) * model_.positions);
  const BatchSum& total = sums_->total();
  StepResult result{total.squared_error * scale};
  result.is_too_high = result.loss > kAstrayFactor * scale * total.squared_labels;
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
  give_up_begun([](int) { return true; });
  sums_->clear();
  is_multiplied_out_ = false;
}

template <class Condition>
void Trainer::give_up_begun(const Condition& condition) {
  for (const std::unique_ptr<Workspace>& workspace : workspaces_) {
    std::optional<BegunGroup>& begun = workspace->begun;
    if (!begun || !condition(begun->group)) continue;
    sums_->give_up(begun->group, std::move(begun->sum));
    begun.reset();
  }
}

void Trainer::draw_ahead(int first, int end, const Deadline& deadline) {
  const int step = state_.model.step + 1;
  const int first_sequence = partition_.first_sequence(first);
  const int size = (model_.positions + 1) * task_.observation_size;
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

void Trainer::add_tile(int first, int sequences, Workspace& workspace, BatchSum& sum) const {
  Activations<float>& activations = workspace.activations;
  activations.set_sequences(sequences);
  std::array<MatrixView<const float>, kTileSequences> states;
  for (int n = 0; n < sequences; ++n) {
    states[std::size_t(n)] = drawn(first + n, states_of(workspace.states.data(), n));
    write_tokens(tokens_, states[std::size_t(n)], activations.tokens(n));
  }

  forward(form_table_, form_parameters_.data(), activations, Pass::predictions);

  const auto scale = float(1 / (double(training_.batch_size) * model_.positions));
  workspace.gradients.clear();
  for (int n = 0; n < sequences; ++n) {
    const MatrixView<const float> predictions = activations.predictions(n);
    const MatrixView<const float> labels = states[std::size_t(n)].row_range(1, model_.positions);
    sum.squared_error += squared_error(predictions, labels);
    sum.squared_labels += zero_squared_error(labels);
    squared_error_gradient(predictions, labels, scale, workspace.gradients.predictions(n));
  }

  backward(form_table_, form_parameters_.data(), activations, sum.gradient.data(), workspace.gradients,
           Pass::predictions);
}

}  // namespace mesa
