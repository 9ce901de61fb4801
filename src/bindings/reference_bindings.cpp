// What JavaScript sees of the reference algorithms: declarations and conversions only. A module of their own,
// because a page can train before it has them.

#include <emscripten/bind.h>
#include <emscripten/heap.h>

#include <memory>
#include <string>

#include "bindings/values.h"
#include "experiment/comparison.h"

EMSCRIPTEN_DECLARE_VAL_TYPE(JsReference)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsReferences)

namespace mesa {
namespace {

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

EMSCRIPTEN_BINDINGS(mesa_references) {
  using emscripten::class_;
  using emscripten::register_type;

  register_type<JsOverrides>("Record<string, string>");
  const std::string reference =
      "{name: string, tuned: Record<string, number>, curve: Float64Array, mean: number, standardError: "
      "number}";
  register_type<JsReference>(reference.c_str());
  register_type<JsReferences>((reference + "[]").c_str());

  emscripten::function("heapBytes", &emscripten_get_heap_size);
  class_<mesa::Comparison>("Comparison")
      .constructor(&mesa::make_comparison)
      .function("references", &mesa::references)
      .function("reference", &mesa::reference);
}
