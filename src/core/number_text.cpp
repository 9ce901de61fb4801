#include "core/number_text.h"

#include <cmath>

#ifdef __EMSCRIPTEN__
#include <emscripten/em_js.h>
#else
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "core/error.h"
#endif

#ifdef __EMSCRIPTEN__
// JavaScript converts numbers itself; the C library's code would make a module a tenth larger.
// clang-format off
EM_JS_DEPS(mesa_number_text, "$UTF8ToString,$stringToUTF8");
EM_JS(double, mesa_text_to_number, (const char* text), { return Number(UTF8ToString(text)); });
EM_JS(void, mesa_number_to_text, (double value, int digits, char* text, int size), {
  stringToUTF8(String(Number(value.toPrecision(digits))), text, size);
});
// clang-format on
#endif

namespace mesa {
namespace {

constexpr int kMostCharacters = 32;

#ifdef __EMSCRIPTEN__

double read(const std::string& text) { return mesa_text_to_number(text.c_str()); }

std::string write(double value, int most_digits) {
  char text[kMostCharacters];
  mesa_number_to_text(value, most_digits, text, kMostCharacters);
  return text;
}

#else

// from_chars() and to_chars() are missing for doubles in some libraries.
double read(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  return *end == '\0' ? value : std::nan("");
}

/// Writes |value| as "d.ddde+xx" with `digits` significant digits.
void write_scientific(double value, int digits, char* text) {
  std::snprintf(text, kMostCharacters, "%.*e", digits - 1, std::abs(value));
}

/// The fewest digits that read back to the value, and the power of ten of the first digit.
struct Decimal {
  std::string digits;
  int exponent;
};

Decimal shortest_decimal(double value) {
  constexpr int kAllDigits = 17;
  char text[kMostCharacters];
  int digits = 0;
  do write_scientific(value, ++digits, text);
  while (digits < kAllDigits && std::strtod(text, nullptr) != std::abs(value));
  const std::string_view all = text;
  const std::size_t end = std::min(all.find('e'), all.size() - 1);
  std::string shortest(1, all[0]);
  if (digits > 1) shortest += all.substr(2, end - 2);
  return {shortest, std::atoi(text + end + 1)};
}

/// Writes a number as JavaScript does, so that all engines have the same text for it.
std::string laid_out(const Decimal& decimal) {
  constexpr int kLeastExponent = -7;
  constexpr int kMostExponent = 21;
  const std::string& digits = decimal.digits;
  const int exponent = decimal.exponent;
  const auto with_point = [&](std::size_t place) {
    if (place >= digits.size()) return digits;
    return joined({digits.substr(0, place), ".", digits.substr(place)});
  };
  if (exponent <= kLeastExponent || exponent >= kMostExponent) {
    return joined({with_point(1), exponent < 0 ? "e" : "e+", std::to_string(exponent)});
  }
  constexpr std::string_view kZeros = "00000000000000000000";
  static_assert(kZeros.size() == kMostExponent - 1);
  if (exponent < 0) return joined({"0.", kZeros.substr(0, std::size_t(-exponent - 1)), digits});
  const auto places = std::size_t(exponent) + 1;
  if (places < digits.size()) return with_point(places);
  return joined({digits, kZeros.substr(0, places - digits.size())});
}

std::string write(double value, int most_digits) {
  char text[kMostCharacters];
  write_scientific(value, most_digits, text);
  const std::string absolute = laid_out(shortest_decimal(std::strtod(text, nullptr)));
  return value < 0 ? joined({"-", absolute}) : absolute;
}

#endif

}  // namespace

std::optional<double> parse_number(const std::string& text) {
  if (text.empty() || text.find_first_not_of("+-.0123456789eE") != std::string::npos) return std::nullopt;
  const double value = read(text);
  if (!std::isfinite(value)) return std::nullopt;
  return value;
}

std::string number_text(double value, int most_digits) { return write(value, most_digits); }

}  // namespace mesa
