#pragma once

#include <emscripten/bind.h>
#include <emscripten/em_js.h>
#include <emscripten/val.h>

#include <new>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/error.h"
#include "evaluate/in_context_loss.h"
#include "experiment/presets.h"

/// Conversions that the modules share. Arrays are copied out of the WASM heap rather than returned as views,
/// because the heap moves when it grows.

EMSCRIPTEN_DECLARE_VAL_TYPE(JsOverrides)

namespace mesa {

using emscripten::val;

/// Builds a JavaScript object. Its functions are not inlined, since there are many calls.
class ObjectMaker {
 public:
  [[gnu::noinline]] void set(const char* name, const val& value) { object_.set(name, value); }
  [[gnu::noinline]] void set(const char* name, double number) { object_.set(name, number); }
  [[gnu::noinline]] void set(const char* name, const std::string& text) { object_.set(name, text); }
  [[nodiscard]] const val& object() const { return object_; }

 private:
  val object_ = val::object();
};

[[gnu::noinline]] inline void append(const val& array, const val& value) { array.call<void>("push", value); }

template <class Number>
[[gnu::noinline]] val copy_to_js(std::span<const Number> numbers) {
  return val(emscripten::typed_memory_view(numbers.size(), numbers.data())).template call<val>("slice");
}

/// Splits a text of names.
inline val names_to_js(const std::string& text) {
  if (text.empty()) return val::array();
  return val(text).call<val>("split", std::string(kNameSeparator));
}

inline val parameters_to_js(const Error& error) {
  ObjectMaker object;
  for (const ErrorParameter& parameter : error.parameters()) {
    switch (parameter.kind) {
      case ErrorParameter::Kind::number: object.set(parameter.name, parameter.number); break;
      case ErrorParameter::Kind::text: object.set(parameter.name, parameter.text); break;
      case ErrorParameter::Kind::names: object.set(parameter.name, names_to_js(parameter.text)); break;
    }
  }
  return object.object();
}

// This compiles to less code than using val.
// clang-format off
EM_JS_DEPS(mesa_new_error, "$UTF8ToString,$Emval");
EM_JS(emscripten::EM_VAL, mesa_new_error,
      (const char* message, const char* code, const char* field, emscripten::EM_VAL parameters), {
  return Emval.toHandle(Object.assign(new Error(UTF8ToString(message)), {
    code: UTF8ToString(code), field: UTF8ToString(field), parameters: Emval.toValue(parameters) }));
});
// clang-format on

/// Makes a JavaScript Error, with `code`, `field` and `parameters`, from the exception being handled.
[[gnu::noinline]] inline emscripten::EM_VAL caught_to_js() {
  try {
    throw;
  } catch (const Error& error) {
    return mesa_new_error(error.what(), error.code(), error.field().c_str(),
                          parameters_to_js(error).as_handle());
  } catch (const std::bad_alloc&) {
    return mesa_new_error("there is not enough memory", "out_of_memory", "", val::object().as_handle());
  } catch (const std::exception& error) {
    return mesa_new_error(error.what(), "internal", "", val::object().as_handle());
  }
}

/// Call it after the exception has been handled.
[[noreturn, gnu::noinline]] inline void throw_to_js(emscripten::EM_VAL error) {
  val::take_ownership(error).throw_();
}

/// Runs `work` and throws its exceptions to JavaScript as caught_to_js() makes them.
template <class Work>
auto with_js_errors(const Work& work) {
  emscripten::EM_VAL error;
  try {
    return work();
  } catch (...) {  // less code than a handler for each type
    error = caught_to_js();
  }
  throw_to_js(error);
}

/// Wraps a function for JavaScript in with_js_errors(), for all that may throw, including for lack of memory.
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

/// The configuration that JavaScript asks for; its overrides are {key: text}.
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
  ObjectMaker object;
  object.set("curve", copy_to_js<double>(loss.by_position));
  object.set("mean", loss.mean);
  object.set("standardError", loss.standard_error);
  return object.object();
}

}  // namespace mesa
