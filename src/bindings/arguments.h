#pragma once

#include <emscripten/val.h>

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "core/deadline.h"
#include "core/error.h"
#include "core/number_text.h"

/// What comes from JavaScript, which can be anything, made into what the engine expects. Each throws Error
/// that names the argument when it is something else.

namespace mesa {

using emscripten::val;

/// A whole number from `minimum` to `maximum`.
[[gnu::noinline]] inline int whole_from_js(const char* name, double number, double minimum, double maximum) {
  if (number != std::floor(number)) throw not_whole(name, number_text(number));
  if (number < minimum || number > maximum) throw out_of_range(name, minimum, maximum, number);
  return int(number);
}

/// A number of milliseconds; infinity is one.
[[gnu::noinline]] inline Deadline deadline_from_js(double milliseconds) {
  constexpr double kDay = 24 * 60 * 60 * 1e3;
  if (!(milliseconds >= 0)) throw out_of_range("milliseconds", 0, kDay, milliseconds);
  return Deadline::in(milliseconds);
}

/// The property of an object.
[[gnu::noinline]] inline val property(const val& object, const char* name) {
  if (object.isNull() || object.isUndefined()) throw missing(name, "an object that has it");
  return object[name];
}

/// A property that is any number.
[[gnu::noinline]] inline double number_property(const val& object, const char* name) {
  const val number = property(object, name);
  if (!number.isNumber()) throw not_a_number(name, "something else");
  return number.as<double>();
}

inline int whole_property(const val& object, const char* name, double minimum, double maximum) {
  return whole_from_js(name, number_property(object, name), minimum, maximum);
}

/// How many numbers a typed array has.
[[gnu::noinline]] inline int length_from_js(const char* name, const val& array, const char* type) {
  if (!array.instanceof (val::global(type))) throw mismatched(name, type, "something else");
  return array["length"].as<int>();
}

/// Checks that it has so many.
[[gnu::noinline]] inline void check_length(const char* name, const val& array, const char* type,
                                           std::size_t expected) {
  const int length = length_from_js(name, array, type);
  if (std::size_t(length) == expected) return;
  throw mismatched(name, number_text(double(expected)) + " numbers", number_text(length));
}

inline std::vector<double> doubles_from_js(const char* name, const val& array, std::size_t size) {
  check_length(name, array, "Float64Array", size);
  return emscripten::convertJSArrayToNumberVector<double>(array);
}

inline std::vector<float> floats_from_js(const char* name, const val& array, std::size_t size) {
  check_length(name, array, "Float32Array", size);
  return emscripten::convertJSArrayToNumberVector<float>(array);
}

/// How many entries an Array has.
[[gnu::noinline]] inline int entries_from_js(const char* name, const val& array) {
  if (!array.isArray()) throw mismatched(name, "an array", "something else");
  return array["length"].as<int>();
}

}  // namespace mesa
