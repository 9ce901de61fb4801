#include "core/number_text.h"

#include <cmath>

#ifdef __EMSCRIPTEN__
#include <emscripten/em_js.h>
#else
#include <cstdio>
#include <cstdlib>
#include <cstring>
#endif

#ifdef __EMSCRIPTEN__
// JavaScript knows all this by itself; a module that brings the C library's way is a tenth larger.
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

void write(double value, int most_digits, char* text) {
  mesa_number_to_text(value, most_digits, text, kMostCharacters);
}

#else

// Not from_chars and to_chars, which some libraries lack for doubles.
double read(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  return *end == '\0' ? value : std::nan("");
}

void write(double value, int most_digits, char* text) {
  constexpr int kAllDigits = 17;
  text[0] = '\0';
  double rounded = 0;
  for (int digits = kAllDigits; digits >= 1; --digits) {
    if (digits > most_digits) continue;
    char candidate[kMostCharacters];
    std::snprintf(candidate, sizeof candidate, "%.*g", digits, value);
    const bool first = text[0] == '\0';
    if (first) rounded = std::strtod(candidate, nullptr);
    const bool same = std::strtod(candidate, nullptr) == rounded;
    if (first || (same && std::strlen(candidate) < std::strlen(text)))
      std::memcpy(text, candidate, sizeof candidate);
  }
}

#endif

}  // namespace

std::optional<double> parse_number(const std::string& text) {
  if (text.empty() || text.find_first_not_of("+-.0123456789eE") != std::string::npos) return std::nullopt;
  const double value = read(text);
  if (!std::isfinite(value)) return std::nullopt;
  return value;
}

std::string number_text(double value, int most_digits) {
  char text[kMostCharacters];
  write(value, most_digits, text);
  return text;
}

}  // namespace mesa
