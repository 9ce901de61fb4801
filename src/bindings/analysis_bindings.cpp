// The analyses and the reference algorithms for JavaScript: declarations and conversions only. They are a
// module of their own, so that a page can train before it has them and run them beside the training.

#include <emscripten/bind.h>
#include <emscripten/heap.h>

#include <memory>
#include <string>

#include "analysis/registry.h"
#include "bindings/values.h"
#include "experiment/comparison.h"

EMSCRIPTEN_DECLARE_VAL_TYPE(JsParameters)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsProgress)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsRecord)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsReference)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsReferences)

namespace mesa {
namespace {

val record_to_js(const Record& record);

val value_to_js(double number) { return val(number); }
val value_to_js(const std::string& text) { return val(text); }
val value_to_js(const std::vector<double>& numbers) { return copy_to_js<double>(numbers); }

val value_to_js(const RowMatrix& matrix) {
  val object = val::object();
  object.set("rows", int(matrix.rows()));
  object.set("columns", int(matrix.cols()));
  object.set("entries", copy_to_js<double>({matrix.data(), std::size_t(matrix.size())}));
  return object;
}

val value_to_js(const Record& record) { return record_to_js(record); }

val value_to_js(const std::vector<Record>& records) {
  val array = val::array();
  for (const Record& record : records) array.call<void>("push", record_to_js(record));
  return array;
}

val record_to_js(const Record& record) {
  val object = val::object();
  for (const auto& [name, value] : record.fields) {
    object.set(name, std::visit([](const auto& alternative) { return value_to_js(alternative); }, value));
  }
  return object;
}

JsRecord analyze_for_js(const std::string& kind, const std::string& preset, const std::string& variant,
                        const JsOverrides& overrides, const JsParameters& parameters, int updates,
                        const JsProgress& progress) {
  return with_js_errors([&] {
    const Config config = config_from_js(preset, variant, overrides);
    Effort effort;
    effort.sequences = config.evaluation.sequences;
    effort.updates = updates;
    effort.progress = [&](double share) { progress(share); };
    const auto numbers = emscripten::convertJSArrayToNumberVector<float>(parameters);
    const Subject subject{config.task, config.tokens, config.model, numbers, config.seed};
    return JsRecord(record_to_js(analyze(kind, subject, effort)));
  });
}

std::unique_ptr<Comparison> make_comparison(const std::string& preset, const std::string& variant,
                                            const JsOverrides& overrides) {
  return with_js_errors(
      [&] { return std::make_unique<Comparison>(config_from_js(preset, variant, overrides)); });
}

val reference_to_js(const ReferenceResult& reference) {
  val entry = loss_curve_to_js(reference.loss);
  entry.set("name", reference.name);
  val tuned = val::object();
  for (std::size_t i = 0; i < reference.parameters.size(); ++i) {
    tuned.set(reference.parameter_names[i], reference.parameters[i]);
  }
  entry.set("tuned", tuned);
  return entry;
}

JsReferences references(Comparison& comparison) {
  val array = val::array();
  for (const ReferenceResult& reference : comparison.references()) {
    array.call<void>("push", reference_to_js(reference));
  }
  return JsReferences(array);
}

JsReference reference(Comparison& comparison, const std::string& algorithm, int steps,
                      const std::string& pairs) {
  return with_js_errors([&] {
    return JsReference(reference_to_js(comparison.reference(algorithm, steps, parse_pairs(pairs))));
  });
}

}  // namespace
}  // namespace mesa

EMSCRIPTEN_BINDINGS(mesa_analyses) {
  using emscripten::class_;
  using emscripten::function;
  using emscripten::register_type;

  register_type<JsOverrides>("Record<string, string>");
  register_type<JsParameters>("Float32Array");
  register_type<JsProgress>("(share: number) => void");
  // The page declares a type for each kind's result.
  register_type<JsRecord>("unknown");
  const std::string reference =
      "{name: string, tuned: Record<string, number>, curve: Float64Array, mean: number, standardError: "
      "number}";
  register_type<JsReference>(reference.c_str());
  register_type<JsReferences>((reference + "[]").c_str());

  function("heapBytes", &emscripten_get_heap_size);
  function("analyze", &mesa::analyze_for_js);
  class_<mesa::Comparison>("Comparison")
      .constructor(&mesa::make_comparison)
      .function("references", &mesa::references)
      .function("reference", &mesa::reference);
}
