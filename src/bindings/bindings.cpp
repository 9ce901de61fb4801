// The engine that trains for JavaScript: declarations, checks and conversions only.

#include <emscripten/bind.h>
#include <emscripten/heap.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "analysis/registry.h"
#include "bindings/arguments.h"
#include "bindings/values.h"
#include "core/engine_name.h"
#include "experiment/experiment.h"
#include "experiment/presets.h"

// Plain JavaScript values, whose shapes appear in the generated TypeScript declarations.
EMSCRIPTEN_DECLARE_VAL_TYPE(JsConfig)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsTrainingStatus)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsLossCurve)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsWeightProducts)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsFloat32Array)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsLossSums)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsLossSumsArray)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsBatchSums)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsTrainingState)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsMisfits)

namespace mesa {
namespace {

constexpr double kMost = std::numeric_limits<int>::max();

std::string engine_name_text() { return std::string(engine_name()); }

std::unique_ptr<Experiment> make_experiment(const std::string& preset, const std::string& variant,
                                            const JsOverrides& overrides) {
  return std::make_unique<Experiment>(config_from_js(preset, variant, overrides));
}

JsConfig config_to_js(const Experiment& experiment) {
  const Config& config = experiment.config();
  ObjectMaker object;
  object.set("preset", config.preset);
  object.set("variant", config.variant);
  for (const Field& field : config_fields()) {
    const std::string key(field.key);
    if (field.choices.empty()) {
      object.set(key.c_str(), field.get(config)[0]);
    } else {
      object.set(key.c_str(), field_text(config, field));
    }
  }
  return JsConfig(object.object());
}

int groups(const Experiment& /*experiment*/) { return kGradientGroups; }
int evaluation_groups(const Experiment& /*experiment*/) { return kEvaluationGroups; }

/// A range [first, end) of groups. Throws Error if it is not within `groups`.
struct GroupRange {
  GroupRange(double first, double end, int groups)
      : first(whole_from_js("first", first, 0, groups)), end(whole_from_js("end", end, first, groups)) {}

  int first;
  int end;
};

std::vector<float> parameters_from_js(Experiment& experiment, const val& parameters) {
  return floats_from_js("parameters", parameters, experiment.parameters().size());
}

const char* stopped_code(TrainingHealth health) {
  switch (health) {
    case TrainingHealth::fine: return "";
    case TrainingHealth::not_finite: return "not_finite";
    case TrainingHealth::astray: return "astray";
  }
  return "";
}

JsTrainingStatus training_status(const TrainingStatus& status) {
  ObjectMaker object;
  object.set("step", status.step);
  object.set("batchLoss", status.batch_loss);
  object.set("learningRate", status.learning_rate);
  object.set("stopped", std::string(stopped_code(status.health)));
  return JsTrainingStatus(object.object());
}

JsTrainingStatus train(Experiment& experiment, double steps) {
  return training_status(experiment.train(whole_from_js("steps", steps, 0, kMost)));
}

void begin_sums(Experiment& experiment, double first, double end) {
  const GroupRange range(first, end, kGradientGroups);
  experiment.trainer().sums().want(range.first, range.end);
}

bool continue_sums(Experiment& experiment, double milliseconds) {
  return experiment.trainer().continue_sums(deadline_from_js(milliseconds));
}

int shorten_sums(Experiment& experiment, double end) {
  return experiment.trainer().sums().shorten(whole_from_js("end", end, 0, kGradientGroups));
}

JsBatchSums take_sums(Experiment& experiment) {
  val array = val::array();
  experiment.trainer().sums().for_each_wanted([&](GroupNode node, const BatchSum& sum) {
    ObjectMaker object;
    object.set("first", node.first());
    object.set("count", node.count());
    object.set("squaredError", sum.totals[kSquaredError]);
    object.set("squaredTargets", sum.totals[kSquaredTargets]);
    object.set("gradient", copy_to_js<float>(sum.gradient));
    append(array, object.object());
  });
  return JsBatchSums(array);
}

GroupNode node_from_js(const val& sum) {
  const int count = whole_property(sum, "count", 1, kGradientGroups);
  const int first = whole_property(sum, "first", 0, kGradientGroups - count);
  if (GroupNode::exists(first, count)) return GroupNode::of(first, count);
  throw mismatched("first", "a multiple of count, which is a power of two", number_text(first));
}

void add_sums(Experiment& experiment, const JsBatchSums& sums) {
  BatchSums& step_sums = experiment.trainer().sums();
  const int count = entries_from_js("sums", sums);
  for (int i = 0; i < count; ++i) {
    const val sum = sums[i];
    const GroupNode node = node_from_js(sum);
    const double totals[] = {number_property(sum, "squaredError"), number_property(sum, "squaredTargets")};
    step_sums.add(node, totals,
                  floats_from_js("gradient", property(sum, "gradient"), step_sums.gradient_size()));
  }
}

bool has_sums(Experiment& experiment, double first, double end) {
  const GroupRange range(first, end, kGradientGroups);
  return experiment.trainer().sums().has_all(range.first, range.end);
}

JsTrainingStatus finish_step(Experiment& experiment) {
  for (int group = 0; group < kGradientGroups; ++group) {
    if (experiment.trainer().sums().has(group)) continue;
    throw missing("groups", "the sum of group " + number_text(group));
  }
  return training_status(experiment.finish_step());
}

void draw_ahead(Experiment& experiment, double first, double end, double milliseconds) {
  const GroupRange range(first, end, kGradientGroups);
  experiment.trainer().draw_ahead(range.first, range.end, deadline_from_js(milliseconds));
}

ObjectMaker model_state_to_js(const ModelState& state) {
  ObjectMaker object;
  object.set("step", state.step);
  object.set("parameters", copy_to_js<float>(state.parameters));
  object.set("firstMoment", copy_to_js<float>(state.optimiser.first_moment));
  object.set("secondMoment", copy_to_js<float>(state.optimiser.second_moment));
  return object;
}

ModelState model_state_from_js(const val& object, std::size_t size) {
  const auto numbers = [&](const char* name) { return floats_from_js(name, property(object, name), size); };
  ModelState state{numbers("parameters"), AdamWState(0)};
  state.optimiser.first_moment = numbers("firstMoment");
  state.optimiser.second_moment = numbers("secondMoment");
  state.step = state.optimiser.updates = whole_property(object, "step", 0, kMost);
  return state;
}

JsTrainingState training_state(Experiment& experiment) {
  const TrainingState& state = experiment.trainer().state();
  ObjectMaker object = model_state_to_js(state.model);
  object.set("lastGood", model_state_to_js(state.last_good).object());
  object.set("badSteps", state.bad_steps);
  return JsTrainingState(object.object());
}

void set_training_state(Experiment& experiment, const JsTrainingState& object) {
  const std::size_t size = experiment.parameters().size();
  experiment.trainer().set_state({model_state_from_js(object, size),
                                  model_state_from_js(property(object, "lastGood"), size),
                                  whole_property(object, "badSteps", 0, kAstraySteps - 1)});
}

void begin_evaluation(Experiment& experiment, const JsFloat32Array& parameters, double first, double end) {
  const GroupRange range(first, end, kEvaluationGroups);
  experiment.begin_evaluation(parameters_from_js(experiment, parameters), range.first, range.end);
}

bool continue_evaluation(Experiment& experiment, double milliseconds) {
  return experiment.continue_evaluation(deadline_from_js(milliseconds));
}

JsLossCurve evaluate(Experiment& experiment, const JsFloat32Array& parameters) {
  begin_evaluation(experiment, parameters, 0, kEvaluationGroups);
  experiment.continue_evaluation(Deadline::never());
  const LossSums sums = experiment.take_loss_sums();
  return JsLossCurve(loss_curve_to_js(loss_curve(sums)));
}

JsLossSums take_loss_sums(Experiment& experiment) {
  const LossSums sums = experiment.take_loss_sums();
  ObjectMaker object;
  object.set("first", sums.first);
  object.set("count", sums.count);
  object.set("byGroup", copy_to_js<double>(sums.by_group));
  object.set("bySequence", copy_to_js<double>(sums.by_sequence));
  return JsLossSums(object.object());
}

/// Returns the part that begins with group `first`. Throws Error if there is none.
val part_from(const JsLossSumsArray& parts, int entries, int first) {
  for (int i = 0; i < entries; ++i) {
    const val part = parts[i];
    if (number_property(part, "first") == first && number_property(part, "count") > 0) return part;
  }
  throw missing("parts", "a part from group " + number_text(first));
}

void append_numbers(std::vector<double>& numbers, const val& part, const char* name, int count) {
  for (const double number : doubles_from_js(name, property(part, name), std::size_t(count))) {
    numbers.push_back(number);
  }
}

JsLossCurve loss_curve_of(const JsLossSumsArray& parts) {
  const int entries = entries_from_js("parts", parts);
  int sequences = 0;
  for (int i = 0; i < entries; ++i) {
    sequences += length_from_js("bySequence", property(parts[i], "bySequence"), "Float64Array");
  }
  LossSums all;
  int positions = 0;
  while (all.count < kEvaluationGroups) {
    const val part = part_from(parts, entries, all.count);
    const int count = whole_property(part, "count", 1, kEvaluationGroups - all.count);
    if (all.count == 0) {
      positions = length_from_js("byGroup", property(part, "byGroup"), "Float64Array") / count;
    }
    append_numbers(all.by_group, part, "byGroup", positions * count);
    append_numbers(all.by_sequence, part, "bySequence",
                   first_of_evaluation_group(all.count + count, sequences) -
                       first_of_evaluation_group(all.count, sequences));
    all.count += count;
  }
  if (all.by_group.empty() || all.by_sequence.empty()) throw missing("parts", "a sequence");
  return JsLossCurve(loss_curve_to_js(loss_curve(all)));
}

val to_float32(const RowMatrix& matrix) {
  const std::vector<float> numbers(matrix.data(), matrix.data() + matrix.size());
  return copy_to_js<float>(numbers);
}

JsWeightProducts weight_products_to_js(const Experiment& experiment, double layer, double head) {
  const WeightProducts products = experiment.weight_products(whole_from_js("layer", layer, 0, kMost),
                                                             whole_from_js("head", head, 0, kMost));
  ObjectMaker object;
  object.set("size", int(products.query_key.rows()));
  object.set("queryKey", to_float32(products.query_key));
  object.set("valueOutput", to_float32(products.value_output));
  return JsWeightProducts(object.object());
}

JsFloat32Array parameters(const Experiment& experiment) {
  return JsFloat32Array(copy_to_js<float>(experiment.parameters()));
}

void restart(Experiment& experiment) { experiment.restart(); }

JsMisfits misfits_to_js(const Experiment& experiment) {
  val array = val::array();
  for_each_misfit(experiment.subject(), [&](std::string_view kind, const Error& why) {
    ObjectMaker object;
    object.set("kind", std::string(kind));
    object.set("code", std::string(why.code()));
    object.set("field", why.field());
    object.set("parameters", parameters_to_js(why));
    append(array, object.object());
  });
  return JsMisfits(array);
}

}  // namespace
}  // namespace mesa

EMSCRIPTEN_BINDINGS(mesa) {
  using emscripten::class_;
  using emscripten::function;
  using emscripten::register_type;
  using mesa::guarded;

  register_type<JsOverrides>("Record<string, string>");
  register_type<JsConfig>("Record<string, number | string>");
  register_type<JsTrainingStatus>(
      "{step: number, batchLoss: number, learningRate: number, stopped: '' | 'not_finite' | 'astray'}");
  register_type<JsLossCurve>("{curve: Float64Array, mean: number, standardError: number}");
  register_type<JsWeightProducts>("{size: number, queryKey: Float32Array, valueOutput: Float32Array}");
  register_type<JsFloat32Array>("Float32Array");
  const std::string loss_sums =
      "{first: number, count: number, byGroup: Float64Array, bySequence: Float64Array}";
  register_type<JsLossSums>(loss_sums.c_str());
  register_type<JsLossSumsArray>((loss_sums + "[]").c_str());
  register_type<JsBatchSums>(
      "{first: number, count: number, squaredError: number, squaredTargets: number, gradient: "
      "Float32Array}[]");
  const std::string model_state =
      "step: number, parameters: Float32Array, firstMoment: Float32Array, secondMoment: Float32Array";
  register_type<JsTrainingState>(
      ("{" + model_state + ", lastGood: {" + model_state + "}, badSteps: number}").c_str());
  register_type<JsMisfits>(
      "{kind: string, code: string, field: string, parameters: Record<string, number | string | "
      "string[]>}[]");

  function("engineName", &mesa::engine_name_text);
  function("heapBytes", &emscripten_get_heap_size);
  function("lossCurve", guarded<&mesa::loss_curve_of>);
  class_<mesa::Experiment>("Experiment")
      .constructor(guarded<&mesa::make_experiment>)
      .function("config", guarded<&mesa::config_to_js>)
      .function("step", &mesa::Experiment::step)
      .function("groups", &mesa::groups)
      .function("train", guarded<&mesa::train>)
      .function("beginSums", guarded<&mesa::begin_sums>)
      .function("continueSums", guarded<&mesa::continue_sums>)
      .function("shortenSums", guarded<&mesa::shorten_sums>)
      .function("takeSums", guarded<&mesa::take_sums>)
      .function("addSums", guarded<&mesa::add_sums>)
      .function("hasSums", guarded<&mesa::has_sums>)
      .function("finishStep", guarded<&mesa::finish_step>)
      .function("drawAhead", guarded<&mesa::draw_ahead>)
      .function("trainingState", guarded<&mesa::training_state>)
      .function("setTrainingState", guarded<&mesa::set_training_state>)
      .function("evaluationGroups", &mesa::evaluation_groups)
      .function("beginEvaluation", guarded<&mesa::begin_evaluation>)
      .function("continueEvaluation", guarded<&mesa::continue_evaluation>)
      .function("takeLossSums", guarded<&mesa::take_loss_sums>)
      .function("evaluate", guarded<&mesa::evaluate>)
      .function("weightProducts", guarded<&mesa::weight_products_to_js>)
      .function("parameters", guarded<&mesa::parameters>)
      .function("restart", guarded<&mesa::restart>)
      .function("misfits", guarded<&mesa::misfits_to_js>);
}
