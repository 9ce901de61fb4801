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
namespace {

/// Numbers that are drawn ahead: 128 sequences of 50 positions, which fill the time until another worker's
/// sum is there.
constexpr int kAhead = 1 << 16;

}  // namespace

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
      state_{initial_parameters(model, seed), AdamWState(table_.size)},
      last_good_(state_),
      workspaces_(std::size_t(threads),
                  {std::vector<float>(std::size_t(tile_sequences(model.positions)) * (model.positions + 1) *
                                      task.observation_size),
                   Activations<float>(form_.config, tile_sequences(model.positions)),
                   ActivationGradients<float>(form_.config, tile_sequences(model.positions))}),
      groups_(kGradientGroups, {0, 0, std::vector<float>(form_table_.size)}) {}

StepResult Trainer::step() {
  sum_share(0, 1);
  return finish_step(1);
}

const BatchSum& Trainer::sum_share(int share, int shares) {
  assert(kGradientGroups % shares == 0 && share >= 0 && share < shares);
  const int count = kGradientGroups / shares;
  const int first = share * count;
  multiply_out(model_, form_, state_.parameters.data(), form_parameters_.data());
  for_each_item(count, int(workspaces_.size()), [&](int worker, int item) {
    const int group = first + item;
    sum_group(group, workspaces_[std::size_t(worker)], groups_[std::size_t(group)]);
  });
  reduce_groups(first, count, 1);
  return groups_[std::size_t(first)];
}

void Trainer::draw_ahead(int share, int shares) {
  const int groups = kGradientGroups / shares;
  ahead_.step = state_.step + 1;
  ahead_.first = first_sequence(share * groups);
  const int size = (model_.positions + 1) * task_.observation_size;
  ahead_.count = std::min(first_sequence((share + 1) * groups) - ahead_.first, kAhead / size);
  ahead_.states.resize(std::size_t(ahead_.count) * size);
  for (int i = 0; i < ahead_.count; ++i)
    draw(ahead_.step, ahead_.first + i, states_of(ahead_.states.data(), i));
}

void Trainer::set_share(int share, int shares, double squared_error, double squared_labels,
                        std::span<const float> gradient) {
  assert(gradient.size() == gradient_size());
  BatchSum& sum = groups_[std::size_t(share * kGradientGroups / shares)];
  sum.squared_error = squared_error;
  sum.squared_labels = squared_labels;
  std::ranges::copy(gradient, sum.gradient.begin());
}

StepResult Trainer::finish_step(int shares) {
  reduce_groups(0, shares, kGradientGroups / shares);
  const double scale = 1 / (double(training_.batch_size) * model_.positions);
  const double loss = groups_[0].squared_error * scale;
  const TrainingHealth health = judge(loss, groups_[0].squared_labels * scale);
  if (health != TrainingHealth::fine) {
    set_state(last_good_);
    return {loss, health};
  }
  multiply_out_backward(model_, form_, state_.parameters.data(), std::as_const(groups_[0].gradient).data(),
                        gradient_.data());
  adamw_update(state_.optimiser, gradient_, scheduled_learning_rate(training_, state_.step),
               training_.weight_decay, training_.gradient_limit, state_.parameters);
  ++state_.step;
  return {loss, health};
}

TrainingHealth Trainer::judge(double loss, double zero_loss) {
  if (!std::isfinite(loss)) return TrainingHealth::not_finite;
  if (loss <= kAstrayFactor * zero_loss) {
    last_good_ = state_;
    steps_too_high_ = 0;
  } else if (++steps_too_high_ == kAstraySteps) {
    return TrainingHealth::astray;
  }
  return TrainingHealth::fine;
}

void Trainer::set_state(TrainingState state) {
  state_ = std::move(state);
  last_good_ = state_;
  steps_too_high_ = 0;
}

int Trainer::first_sequence(int group) const {
  const int per_tile = tile_sequences(model_.positions);
  const int tiles = (training_.batch_size + per_tile - 1) / per_tile;
  return std::min(group * tiles / kGradientGroups * per_tile, training_.batch_size);
}

void Trainer::draw(int step, int sequence, const MatrixView<float>& states) const {
  RandomStream random(seed_, RandomPurpose::training, std::uint32_t(step), std::uint32_t(sequence));
  generate_sequence(task_, random, states);
}

MatrixView<const float> Trainer::drawn(int sequence, const MatrixView<float>& room) const {
  const int index = sequence - ahead_.first;
  if (ahead_.step == state_.step && index >= 0 && index < ahead_.count)
    return states_of(ahead_.states.data(), index);
  draw(state_.step, sequence, room);
  return room;
}

void Trainer::sum_group(int group, Workspace& workspace, BatchSum& sum) const {
  std::fill(sum.gradient.begin(), sum.gradient.end(), 0.F);
  sum.squared_error = 0;
  sum.squared_labels = 0;
  const int end = first_sequence(group + 1);
  for (int first = first_sequence(group); first < end; first += tile_sequences(model_.positions))
    add_tile(first, std::min(tile_sequences(model_.positions), end - first), workspace, sum);
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

void Trainer::reduce_groups(int first, int count, int distance) {
  for (int step = distance; step < count * distance; step *= 2) {
    for (int group = first; group < first + count * distance; group += 2 * step) {
      BatchSum& sum = groups_[std::size_t(group)];
      const BatchSum& neighbour = groups_[std::size_t(group + step)];
      sum.squared_error += neighbour.squared_error;
      sum.squared_labels += neighbour.squared_labels;
      for (std::size_t i = 0; i < sum.gradient.size(); ++i) sum.gradient[i] += neighbour.gradient[i];
    }
  }
}

}  // namespace mesa
