#include "experiment/experiment.h"

#include "core/error.h"
#include "core/number_text.h"
#include "evaluate/model_predictor.h"
#include "train/schedule.h"

namespace mesa {
namespace {

Trainer make_trainer(const Config& config, int threads) {
  return {config.task, config.tokens, config.model, config.training, config.seed, threads};
}

std::string why_stopped(TrainingHealth health, int last_good_step, double learning_rate) {
  const std::string smaller_rate = number_text(learning_rate / 10, 2);
  const char* what = health == TrainingHealth::astray
                         ? "The loss stayed far above that of predicting zero after step "
                         : "The loss stopped being finite after step ";
  return joined({what, std::to_string(last_good_step),
                 "; the state of that step is kept. Try a smaller learning_rate, such as ", smaller_rate,
                 "."});
}

}  // namespace

Experiment::Experiment(Config config, int threads)
    : config_(std::move(config)), threads_(threads), trainer_(make_trainer(config_, threads)) {}

TrainingStatus Experiment::train(int steps) {
  TrainingStatus status = status_after({0, TrainingHealth::fine});
  for (int i = 0; i < steps && status.stopped.empty(); ++i) status = status_after(trainer_.step());
  return status;
}

TrainingStatus Experiment::finish_step(int shares) { return status_after(trainer_.finish_step(shares)); }

TrainingStatus Experiment::status_after(const StepResult& result) const {
  TrainingStatus status{step(), result.loss, scheduled_learning_rate(config_.training, step()), {}};
  if (result.health != TrainingHealth::fine) {
    status.stopped = why_stopped(result.health, step(), config_.training.learning_rate);
  }
  return status;
}

const DrawnSequences& Experiment::held_out() {
  if (!held_out_) {
    held_out_.emplace(config_.task, config_.seed, RandomPurpose::held_out, config_.evaluation.sequences);
  }
  return *held_out_;
}

LossCurve Experiment::evaluate_model(std::span<const float> parameters) {
  return in_context_loss(held_out(), model_predictor(config_.model, config_.tokens, parameters), threads_);
}

LossSums Experiment::loss_sums(int share, int shares) {
  return mesa::loss_sums(held_out(), model_predictor(config_.model, config_.tokens, parameters()), threads_,
                         share, shares);
}

WeightProducts Experiment::weight_products(int layer, int head) const {
  const auto check = [](const char* name, int index, int count) {
    if (index >= 0 && index < count) return;
    throw Error(name, joined({"expected 0 to ", std::to_string(count - 1), ", got ", std::to_string(index)}));
  };
  check("layer", layer, config_.model.layers);
  check("head", head, config_.model.heads);
  return mesa::weight_products(config_.model, parameters(), layer, head);
}

void Experiment::restart() { trainer_ = make_trainer(config_, threads_); }

void Experiment::restore(const Checkpoint& checkpoint) {
  trainer_.set_state(checkpoint_state(checkpoint, trainer_.parameter_table()));
}

}  // namespace mesa
