#include "experiment/experiment.h"

#include "core/number_text.h"
#include "evaluate/model_predictor.h"
#include "train/schedule.h"

namespace mesa {
std::string why_stopped(const Config& config, const TrainingStatus& status) {
  if (status.health == TrainingHealth::fine) return {};
  const char* what = status.health == TrainingHealth::astray
                         ? "The loss stayed far above that of predicting zero after step "
                         : "The loss stopped being finite after step ";
  return joined({what, std::to_string(status.step),
                 "; the state of that step is kept. Try a smaller learning_rate, such as ",
                 number_text(config.training.learning_rate / 10, 2), "."});
}

Experiment::Experiment(Config config, int threads)
    : config_(std::move(config)),
      threads_(threads),
      trainer_(config_.task, config_.tokens, config_.model, config_.training, config_.seed, threads) {}

TrainingStatus Experiment::train(int steps) {
  TrainingStatus status = status_after({0, TrainingHealth::fine});
  for (int i = 0; i < steps && status.health == TrainingHealth::fine; ++i) {
    status = status_after(trainer_.step());
  }
  return status;
}

TrainingStatus Experiment::finish_step() { return status_after(trainer_.finish_step()); }

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
  if (!evaluation_) throw missing("evaluation", "an evaluation that is begun");
  return evaluation_->continue_until(deadline);
}

LossSums Experiment::take_loss_sums() {
  if (!evaluation_ || !evaluation_->is_done()) throw missing("evaluation", "an evaluation that is done");
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
