#pragma once

#include <emscripten/val.h>

#include <cmath>
#include <string>
#include <vector>

#include "core/deadline.h"
#include "core/error.h"
#include "core/number_text.h"

/// What comes from JavaScript, which can be anything, made into what the engine expects. Each throws Error
/// that names the argument when it is something else.

namespace mesa {

/// A whole number from `minimum` to `maximum`.
inline int whole_from_js(const char* name, double number, double minimum, double maximum) {
  if (!std::isfinite(number)) throw not_whole(name, "no number");
  if (number != std::floor(number)) throw not_whole(name, number_text(number));
  if (number < minimum || number > maximum) throw out_of_range(name, minimum, maximum, number);
  return int(number);
}

/// A number of milliseconds, at least 0; infinity is one.
inline Deadline deadline_from_js(double milliseconds) {
  if (std::isnan(milliseconds)) throw not_a_number("milliseconds", "NaN");
  constexpr double kDay = 24 * 60 * 60 * 1e3;
  if (milliseconds < 0) throw out_of_range("milliseconds", 0, kDay, std::max(milliseconds, -kDay));
  return Deadline::in(milliseconds);
}

/// The property of an object.
inline emscripten::val property(const emscripten::val& object, const char* name) {
  if (object.isNull() || object.isUndefined()) throw mismatched(name, "an object that has it", "none");
  return object[name];
}

/// A property that is any number.
inline double number_property(const emscripten::val& object, const char* name) {
  const emscripten::val number = property(object, name);
  if (!number.isNumber()) throw not_a_number(name, "something else");
  return number.as<double>();
}

inline int whole_property(const emscripten::val& object, const char* name, double minimum, double maximum) {
  return whole_from_js(name, number_property(object, name), minimum, maximum);
}

constexpr const char* array_type(float /*number*/) { return "Float32Array"; }
constexpr const char* array_type(double /*number*/) { return "Float64Array"; }

/// The numbers of a Float32Array or Float64Array.
template <class Number>
std::vector<Number> numbers_from_js(const char* name, const emscripten::val& array) {
  const char* type = array_type(Number{});
  if (!array.instanceof (emscripten::val::global(type))) {
    throw mismatched(name, joined({"a ", type}), "something else");
  }
  return emscripten::convertJSArrayToNumberVector<Number>(array);
}

/// The same, of a known length.
template <class Number>
std::vector<Number> numbers_from_js(const char* name, const emscripten::val& array, std::size_t size) {
  std::vector<Number> numbers = numbers_from_js<Number>(name, array);
  if (numbers.size() != size) {
    throw mismatched(name, std::to_string(size) + " numbers", std::to_string(numbers.size()));
  }
  return numbers;
}

/// The entries of an Array.
inline std::vector<emscripten::val> entries_from_js(const char* name, const emscripten::val& array) {
  if (!array.isArray()) throw mismatched(name, "an array", "something else");
  return emscripten::vecFromJSArray<emscripten::val>(array);
}

}  // namespace mesa
