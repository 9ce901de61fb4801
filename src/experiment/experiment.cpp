#include "experiment/experiment.h"

#include <cmath>

#include "core/number_text.h"
#include "evaluate/model_predictor.h"
#include "reference/predictor.h"
#include "train/schedule.h"

namespace mesa {
namespace {

std::string smaller(const char* key, double value) {
  return joined({"a smaller ", key, ", such as ", number_text(value / 10, 2)});
}

/// Suggests changes for a run that got no further than `step`. At step 0 the initial weights may be at fault;
/// with a rate of zero, nothing else can be.
std::string remedies(const Config& config, int step) {
  const TrainingConfig& training = config.training;
  std::string scale = smaller("initial_scale", config.model.initial_scale);
  if (step == 0 && training.learning_rate == 0) return scale;
  const bool rises = training.decay_steps > 0 && training.final_learning_rate > training.learning_rate;
  const std::string rate = rises ? smaller("final_learning_rate", training.final_learning_rate)
                                 : smaller("learning_rate", training.learning_rate);
  return step == 0 ? joined({rate, ", or ", scale}) : rate;
}

}  // namespace

std::string why_stopped(const Config& config, const TrainingStatus& status) {
  if (status.health == TrainingHealth::fine) return {};
  const char* what = status.health == TrainingHealth::astray
                         ? "The loss stayed far above that of predicting zero after step "
                         : "The loss stopped being finite after step ";
  return joined({what, std::to_string(status.step), "; the state of that step is kept. Try ",
                 remedies(config, status.step), "."});
}

Experiment::Experiment(Config config, int threads)
    : config_(std::move(config)),
      threads_(threads),
      trainer_(config_.task, config_.tokens, config_.model, config_.training, config_.seed, threads) {}

TrainingStatus Experiment::train(int steps) {
  TrainingStatus status = status_after({});
  for (int i = 0; i < steps && status.health == TrainingHealth::fine; ++i) {
    status = status_after(trainer_.step());
  }
  return status;
}

TrainingStatus Experiment::finish_step() { return status_after(trainer_.finish_step()); }

TrainingStatus Experiment::judge_held_out(const LossCurve& loss, bool is_end) {
  StepResult result{loss.mean};
  if (!std::isfinite(loss.mean)) {
    result.health = TrainingHealth::not_finite;
  } else if (is_end && loss.mean > kAstrayFactor * zero_loss()) {
    result.health = TrainingHealth::astray;
  }
  if (result.health != TrainingHealth::fine) trainer_.go_back();
  return status_after(result);
}

double Experiment::zero_loss() { return in_context_loss(held_out(), predict_zero(), threads_).mean; }

TrainingStatus Experiment::status_after(const StepResult& result) const {
  return {step(), result.loss, scheduled_learning_rate(config_.training, step()), result.health};
}

DrawnSequences& Experiment::held_out() {
  if (!held_out_) {
    held_out_ = std::make_unique<DrawnSequences>(DrawnSequences::undrawn(
        config_.task, config_.seed, RandomPurpose::held_out, config_.evaluation.sequences));
  }
  return *held_out_;
}

LossCurve Experiment::evaluate_model(std::span<const float> parameters) {
  held_out().draw_all();
  return in_context_loss(held_out(), model_predictor(config_.model, config_.tokens, parameters), threads_);
}

void Experiment::begin_evaluation(std::span<const float> parameters, int first, int end) {
  evaluation_.emplace(held_out(), model_predictor(config_.model, config_.tokens, parameters), first, end);
}

bool Experiment::continue_evaluation(const Deadline& deadline) {
  if (!evaluation_) throw missing("evaluation", "an evaluation in progress");
  return evaluation_->continue_until(deadline);
}

LossSums Experiment::take_loss_sums() {
  if (!evaluation_ || !evaluation_->is_done()) throw missing("evaluation", "a finished evaluation");
  LossSums sums = evaluation_->sums();
  evaluation_.reset();
  return sums;
}

WeightProducts Experiment::weight_products(int layer, int head) const {
  const auto check = [](const char* name, int index, int count) {
    if (index >= 0 && index < count) return;
    throw out_of_range(name, 0, count - 1, index);
  };
  check("layer", layer, config_.model.layers);
  check("head", head, config_.model.heads);
  return mesa::weight_products(config_.model, parameters(), layer, head);
}

void Experiment::restart() { trainer_.restart(); }

void Experiment::restore(const Checkpoint& checkpoint) {
  trainer_.set_state(checkpoint_state(checkpoint, trainer_.parameter_table()));
}

}  // namespace mesa
