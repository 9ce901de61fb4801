#pragma once

#include <emscripten/val.h>

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "core/deadline.h"
#include "core/error.h"
#include "core/number_text.h"

/// Checks and converts values from JavaScript, which can be of any type. Each function throws Error naming
/// the argument if the value does not fit.

namespace mesa {

using emscripten::val;

/// Accepts whole numbers from `minimum` to `maximum`.
[[gnu::noinline]] inline int whole_from_js(const char* name, double number, double minimum, double maximum) {
  if (number != std::floor(number)) throw not_whole(name, number_text(number));
  if (number < minimum || number > maximum) throw out_of_range(name, minimum, maximum, number);
  return int(number);
}

/// Accepts numbers of milliseconds, at least 0; infinity means never.
[[gnu::noinline]] inline Deadline deadline_from_js(double milliseconds) {
  constexpr double kDay = 24 * 60 * 60 * 1e3;
  if (!(milliseconds >= 0)) throw out_of_range("milliseconds", 0, kDay, milliseconds);
  return Deadline::in(milliseconds);
}

/// Reads a property of an object.
[[gnu::noinline]] inline val property(const val& object, const char* name) {
  if (object.isNull() || object.isUndefined()) throw missing(name, "an object with this property");
  return object[name];
}

/// Reads a property that has to be a number.
[[gnu::noinline]] inline double number_property(const val& object, const char* name) {
  const val number = property(object, name);
  if (!number.isNumber()) throw not_a_number(name, "something else");
  return number.as<double>();
}

inline int whole_property(const val& object, const char* name, double minimum, double maximum) {
  return whole_from_js(name, number_property(object, name), minimum, maximum);
}

/// The number of entries of a typed array of the given type.
[[gnu::noinline]] inline int length_from_js(const char* name, const val& array, const char* type) {
  if (!array.instanceof (val::global(type))) throw mismatched(name, type, "something else");
  return array["length"].as<int>();
}

/// Checks that a typed array has `expected` entries.
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

/// The number of entries of an Array.
[[gnu::noinline]] inline int entries_from_js(const char* name, const val& array) {
  if (!array.isArray()) throw mismatched(name, "an array", "something else");
  return array["length"].as<int>();
}

}  // namespace mesa
