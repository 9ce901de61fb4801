#pragma once

#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <new>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/error.h"
#include "evaluate/in_context_loss.h"
#include "experiment/presets.h"

/// Conversions that the modules share. Arrays are copied out of the WASM heap, never handed out as views,
/// because the heap moves when it grows.

EMSCRIPTEN_DECLARE_VAL_TYPE(JsOverrides)

namespace mesa {

using emscripten::val;

inline val strings_to_js(std::span<const std::string> strings) {
  val array = val::array();
  for (const std::string& string : strings) array.call<void>("push", string);
  return array;
}

inline val parameters_to_js(const Error& error) {
  val object = val::object();
  for (const ErrorParameter& parameter : error.parameters()) {
    if (const auto* number = std::get_if<double>(&parameter.value)) {
      object.set(parameter.name, *number);
    } else if (const auto* text = std::get_if<std::string>(&parameter.value)) {
      object.set(parameter.name, *text);
    } else {
      object.set(parameter.name, strings_to_js(*std::get_if<std::vector<std::string>>(&parameter.value)));
    }
  }
  return object;
}

/// The Error for JavaScript of what was just caught: with its message, `code`, `field` and `parameters`.
inline val caught_to_js() {
  const auto js_error = [](const char* message, const std::string& code, const std::string& field,
                           const val& parameters) {
    val error = val::global("Error").new_(std::string(message));
    error.set("code", code);
    error.set("field", field);
    error.set("parameters", parameters);
    return error;
  };
  try {
    throw;
  } catch (const Error& error) {
    return js_error(error.what(), error.code(), error.field(), parameters_to_js(error));
  } catch (const std::bad_alloc&) {
    return js_error("there is not enough memory", "out_of_memory", "", val::object());
  } catch (const std::exception& error) {
    return js_error(error.what(), "internal", "", val::object());
  }
}

/// Runs `work`; what it throws reaches JavaScript as an Error that says what caught_to_js() does.
template <class Work>
auto with_js_errors(const Work& work) {
  val js_error = val::undefined();
  try {
    return work();
  } catch (const std::exception&) {
    js_error = caught_to_js();
  }
  js_error.throw_();
}

/// The function as JavaScript can be given it: whatever may throw, and all that needs memory may, is run with
/// with_js_errors().
template <auto function>
struct Guarded;
template <class Result, class... Arguments, Result (*function)(Arguments...)>
struct Guarded<function> {
  static Result call(Arguments... arguments) {
    return with_js_errors([&]() -> Result { return function(std::forward<Arguments>(arguments)...); });
  }
};
template <auto function>
inline constexpr auto guarded = &Guarded<function>::call;

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
  for (const std::string& key : keys) {
    const val text = overrides[key];
    if (!text.isString()) throw mismatched(key, "a text", "something else");
    texts.push_back(text.as<std::string>());
  }
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
