#include "cli/run_json.h"

#include "core/engine_name.h"
#include "evaluate/few_shot.h"
#include "experiment/comparison.h"

namespace mesa {
namespace {

/// The few-shot losses of the model and the references by pair.
class FewShotCurves {
 public:
  explicit FewShotCurves(const TaskConfig& task) : task_(task) {}

  void add(const std::string& name, const LossCurve& loss) {
    const std::vector<PairLoss> losses = few_shot_losses(task_, loss);
    Json tasks = Json::array();
    Json pairs = Json::array();
    Json curve = Json::array();
    for (const PairLoss& entry : losses) {
      tasks.push_back(entry.task);
      pairs.push_back(entry.pair);
      curve.push_back(entry.loss);
    }
    json_["task"] = std::move(tasks);
    json_["pair"] = std::move(pairs);
    json_["curves"][name] = std::move(curve);
  }

  [[nodiscard]] const Json& json() const { return json_; }

 private:
  TaskConfig task_;
  Json json_;
};

}  // namespace

Json result_json(std::string_view format, const Config& config) {
  return {{"format", format},
          {"version", 1},
          {"config", config_json(config)},
          {"engine", {{"name", engine_name()}}}};
}

Json tuned_json(const ReferenceResult& reference) {
  Json tuned = Json::object();
  for (std::size_t i = 0; i < reference.parameters.size(); ++i) {
    tuned[reference.parameter_names[i]] = reference.parameters[i];
  }
  return tuned;
}

Json evaluation_json(Experiment& experiment) {
  const TaskConfig& task = experiment.config().task;
  Json curves;
  Json means;
  Json errors;
  Json tuned;
  FewShotCurves few_shot(task);
  const auto add = [&](const std::string& name, const LossCurve& loss) {
    curves[name] = loss.by_position;
    means[name] = loss.mean;
    errors[name] = loss.standard_error;
    if (task.kind == TaskKind::regression) few_shot.add(name, loss);
  };

  const LossCurve model = experiment.evaluate_model();
  add("model", model);
  Json ratio;
  Comparison comparison(experiment.config(), experiment.threads());
  for (const ReferenceResult& reference : comparison.references()) {
    add(reference.name, reference.loss);
    if (!reference.parameters.empty()) tuned[reference.name] = tuned_json(reference);
    if (reference.name == "gradient_descent") {
      const LossRatio to_descent = loss_ratio(model, reference.loss);
      ratio = {{"value", to_descent.value}, {"standard_error", to_descent.standard_error}};
    }
  }
  Json json = {{"sequences", experiment.config().evaluation.sequences},
               {"curves", std::move(curves)},
               {"mean", std::move(means)},
               {"standard_error", std::move(errors)},
               {"model_to_gradient_descent", std::move(ratio)},
               {"tuned", std::move(tuned)}};
  if (task.kind == TaskKind::regression) json["few_shot"] = few_shot.json();
  return json;
}

Json config_json(const Config& config) {
  Json json = {{"preset", config.preset}, {"variant", config.variant}};
  for (const Field& field : config_fields()) {
    switch (field.kind) {
      case FieldKind::integer: json[field.key] = static_cast<std::int64_t>(field.get(config)[0]); break;
      case FieldKind::real: json[field.key] = field.get(config)[0]; break;
      case FieldKind::flag:
      case FieldKind::choice:
      case FieldKind::list: json[field.key] = field_text(config, field); break;
    }
  }
  return json;
}

Json run_json(Experiment& experiment, const std::vector<CurvePoint>& curve, const TrainingStatus& status) {
  Json steps = Json::array();
  Json losses = Json::array();
  for (const CurvePoint& point : curve) {
    steps.push_back(point.step);
    losses.push_back(point.loss);
  }
  Json json = result_json("mesa-run", experiment.config());
  json["training"] = {{"step", std::move(steps)}, {"loss", std::move(losses)}};
  if (status.health != TrainingHealth::fine) {
    json["training"]["stopped"] = why_stopped(experiment.config(), status);
  }
  json["evaluation"] = evaluation_json(experiment);
  return json;
}

}  // namespace mesa
