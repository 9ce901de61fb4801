#pragma once

#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <span>
#include <string>
#include <vector>

#include "core/error.h"
#include "evaluate/in_context_loss.h"
#include "experiment/presets.h"

/// Conversions that the modules share. Arrays are copied out of the WASM heap, never handed out as views,
/// because the heap moves when it grows.

EMSCRIPTEN_DECLARE_VAL_TYPE(JsOverrides)

namespace mesa {

using emscripten::val;

/// Runs `work`; what it throws reaches JavaScript as an Error with the message and, for bad input, the
/// `field`.
template <class Work>
auto with_js_errors(const Work& work) {
  std::string message;
  val field = val::undefined();
  try {
    return work();
  } catch (const Error& error) {
    message = error.what();
    field = val(error.field());
  } catch (const std::exception& error) {
    message = error.what();
  }
  val js_error = val::global("Error").new_(message);
  js_error.set("field", field);
  js_error.throw_();
}

template <class Number>
val copy_to_js(std::span<const Number> numbers) {
  return val(emscripten::typed_memory_view(numbers.size(), numbers.data())).template call<val>("slice");
}

/// The configuration that JavaScript asks for, its overrides being {key: text}.
inline Config config_from_js(const std::string& preset, const std::string& variant,
                             const JsOverrides& overrides) {
  const auto keys =
      emscripten::vecFromJSArray<std::string>(val::global("Object").call<val>("keys", overrides));
  std::vector<std::string> texts;
  for (const std::string& key : keys) texts.push_back(overrides[key].as<std::string>());
  std::vector<Setting> settings;
  for (std::size_t i = 0; i < keys.size(); ++i) settings.push_back({keys[i], texts[i]});
  return make_config(preset, variant, settings);
}

inline val loss_curve_to_js(const LossCurve& loss) {
  val object = val::object();
  object.set("curve", copy_to_js<double>(loss.by_position));
  object.set("mean", loss.mean);
  object.set("standardError", loss.standard_error);
  return object;
}

}  // namespace mesa
