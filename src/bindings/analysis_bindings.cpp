// What JavaScript sees of the analyses: declarations and conversions only. A module of their own, because a
// page can train before it has them, and because they run beside the training.

#include <emscripten/bind.h>
#include <emscripten/heap.h>

#include <string>

#include "bindings/values.h"
#include "experiment/analyses.h"

EMSCRIPTEN_DECLARE_VAL_TYPE(JsParameters)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsProgress)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsRecord)

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
    return JsRecord(record_to_js(analyze(
        MESA_ANALYSES(), kind, config, emscripten::convertJSArrayToNumberVector<float>(parameters), effort)));
  });
}

}  // namespace
}  // namespace mesa

EMSCRIPTEN_BINDINGS(mesa_analyses) {
  using emscripten::register_type;

  register_type<JsOverrides>("Record<string, string>");
  register_type<JsParameters>("Float32Array");
  register_type<JsProgress>("(share: number) => void");
  // The page gives every kind's result a type of its own.
  register_type<JsRecord>("unknown");

  emscripten::function("heapBytes", &emscripten_get_heap_size);
  emscripten::function("analyze", &mesa::analyze_for_js);
}
