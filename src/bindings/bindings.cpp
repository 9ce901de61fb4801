// What JavaScript sees of the engine that trains: declarations and conversions only.

#include <emscripten/bind.h>
#include <emscripten/heap.h>

#include <memory>
#include <string>
#include <vector>

#include "bindings/values.h"
#include "core/engine_name.h"
#include "experiment/experiment.h"
#include "experiment/presets.h"

// Plain JavaScript objects whose shapes the generated TypeScript declarations spell out.
EMSCRIPTEN_DECLARE_VAL_TYPE(JsPresets)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsConfig)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsTrainingStatus)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsLossCurve)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsWeightProducts)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsFloat32Array)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsLossSums)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsBatchSum)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsTrainingState)

namespace mesa {
namespace {

template <class Strings>
val string_array(const Strings& strings) {
  val array = val::array();
  for (const auto& string : strings) array.call<void>("push", std::string(string));
  return array;
}

std::string engine_name_text() { return std::string(engine_name()); }

JsPresets presets_to_js() {
  val array = val::array();
  for (const Preset& preset : presets()) {
    std::vector<std::string_view> variants;
    for (const Variant& variant : preset.variants()) variants.push_back(variant.name);
    val entry = val::object();
    entry.set("name", std::string(preset.name));
    entry.set("title", std::string(preset.title));
    entry.set("variants", string_array(variants));
    array.call<void>("push", entry);
  }
  return JsPresets(array);
}

std::unique_ptr<Experiment> make_experiment(const std::string& preset, const std::string& variant,
                                            const JsOverrides& overrides) {
  return with_js_errors(
      [&] { return std::make_unique<Experiment>(config_from_js(preset, variant, overrides)); });
}

JsConfig config_to_js(const Experiment& experiment) {
  const Config& config = experiment.config();
  val object = val::object();
  object.set("preset", config.preset);
  object.set("variant", config.variant);
  for (const Field& field : config_fields()) {
    const std::string key(field.key);
    if (field.choices.empty()) {
      object.set(key, field.get(config)[0]);
    } else {
      object.set(key, field_text(config, field));
    }
  }
  return JsConfig(object);
}

JsTrainingStatus training_status(const TrainingStatus& status) {
  val object = val::object();
  object.set("step", status.step);
  object.set("batchLoss", status.batch_loss);
  object.set("learningRate", status.learning_rate);
  object.set("stopped", status.stopped);
  return JsTrainingStatus(object);
}

JsTrainingStatus train(Experiment& experiment, int steps) { return training_status(experiment.train(steps)); }

JsBatchSum sum_share(Experiment& experiment, int share, int shares) {
  const BatchSum& sum = experiment.trainer().sum_share(share, shares);
  val object = val::object();
  object.set("squaredError", sum.squared_error);
  object.set("squaredLabels", sum.squared_labels);
  object.set("gradient", copy_to_js<float>(sum.gradient));
  return JsBatchSum(object);
}

void draw_ahead(Experiment& experiment, int share, int shares) {
  experiment.trainer().draw_ahead(share, shares);
}

void set_share(Experiment& experiment, int share, int shares, const JsBatchSum& sum) {
  experiment.trainer().set_share(share, shares, sum["squaredError"].as<double>(),
                                 sum["squaredLabels"].as<double>(),
                                 emscripten::convertJSArrayToNumberVector<float>(sum["gradient"]));
}

JsTrainingStatus finish_step(Experiment& experiment, int shares) {
  return training_status(experiment.finish_step(shares));
}

JsTrainingState training_state(Experiment& experiment) {
  const TrainingState& state = experiment.trainer().state();
  val object = val::object();
  object.set("step", state.step);
  object.set("parameters", copy_to_js<float>(state.parameters));
  object.set("firstMoment", copy_to_js<float>(state.optimiser.first_moment));
  object.set("secondMoment", copy_to_js<float>(state.optimiser.second_moment));
  return JsTrainingState(object);
}

void set_training_state(Experiment& experiment, const JsTrainingState& object) {
  TrainingState state = experiment.trainer().state();
  state.step = object["step"].as<int>();
  state.parameters = emscripten::convertJSArrayToNumberVector<float>(object["parameters"]);
  state.optimiser.first_moment = emscripten::convertJSArrayToNumberVector<float>(object["firstMoment"]);
  state.optimiser.second_moment = emscripten::convertJSArrayToNumberVector<float>(object["secondMoment"]);
  state.optimiser.updates = state.step;
  experiment.trainer().set_state(std::move(state));
}

JsLossCurve evaluate(Experiment& experiment, const JsFloat32Array& parameters) {
  return JsLossCurve(loss_curve_to_js(
      experiment.evaluate_model(emscripten::convertJSArrayToNumberVector<float>(parameters))));
}

JsLossSums loss_sums_to_js(Experiment& experiment, int share, int shares) {
  const LossSums sums = experiment.loss_sums(share, shares);
  val object = val::object();
  object.set("byGroup", copy_to_js<double>(sums.by_group));
  object.set("bySequence", copy_to_js<double>(sums.by_sequence));
  return JsLossSums(object);
}

JsLossCurve loss_curve_of(const JsLossSums& sums) {
  return JsLossCurve(
      loss_curve_to_js(loss_curve({emscripten::convertJSArrayToNumberVector<double>(sums["byGroup"]),
                                   emscripten::convertJSArrayToNumberVector<double>(sums["bySequence"])})));
}

val to_float32(const RowMatrix& matrix) {
  const std::vector<float> numbers(matrix.data(), matrix.data() + matrix.size());
  return copy_to_js<float>(numbers);
}

JsWeightProducts weight_products_to_js(const Experiment& experiment, int layer, int head) {
  return with_js_errors([&] {
    const WeightProducts products = experiment.weight_products(layer, head);
    val object = val::object();
    object.set("size", int(products.query_key.rows()));
    object.set("queryKey", to_float32(products.query_key));
    object.set("valueOutput", to_float32(products.value_output));
    return JsWeightProducts(object);
  });
}

JsFloat32Array parameters(const Experiment& experiment) {
  return JsFloat32Array(copy_to_js<float>(experiment.parameters()));
}

}  // namespace
}  // namespace mesa

EMSCRIPTEN_BINDINGS(mesa) {
  using emscripten::class_;
  using emscripten::function;
  using emscripten::register_type;

  register_type<JsPresets>("{name: string, title: string, variants: string[]}[]");
  register_type<JsOverrides>("Record<string, string>");
  register_type<JsConfig>("Record<string, number | string>");
  register_type<JsTrainingStatus>("{step: number, batchLoss: number, learningRate: number, stopped: string}");
  register_type<JsLossCurve>("{curve: Float64Array, mean: number, standardError: number}");
  register_type<JsWeightProducts>("{size: number, queryKey: Float32Array, valueOutput: Float32Array}");
  register_type<JsFloat32Array>("Float32Array");
  register_type<JsLossSums>("{byGroup: Float64Array, bySequence: Float64Array}");
  register_type<JsBatchSum>("{squaredError: number, squaredLabels: number, gradient: Float32Array}");
  register_type<JsTrainingState>(
      "{step: number, parameters: Float32Array, firstMoment: Float32Array, secondMoment: Float32Array}");

  function("engineName", &mesa::engine_name_text);
  function("heapBytes", &emscripten_get_heap_size);
  function("presets", &mesa::presets_to_js);
  function("lossCurve", &mesa::loss_curve_of);
  class_<mesa::Experiment>("Experiment")
      .constructor(&mesa::make_experiment)
      .function("config", &mesa::config_to_js)
      .function("step", &mesa::Experiment::step)
      .function("train", &mesa::train)
      .function("sumShare", &mesa::sum_share)
      .function("drawAhead", &mesa::draw_ahead)
      .function("setShare", &mesa::set_share)
      .function("finishStep", &mesa::finish_step)
      .function("trainingState", &mesa::training_state)
      .function("setTrainingState", &mesa::set_training_state)
      .function("evaluate", &mesa::evaluate)
      .function("lossSums", &mesa::loss_sums_to_js)
      .function("weightProducts", &mesa::weight_products_to_js)
      .function("parameters", &mesa::parameters)
      .function("restart", &mesa::Experiment::restart);
}
