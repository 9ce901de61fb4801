// Fuzzes numbers as text: a number that is read must be finite, and its own text must read back to it.

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/number_text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::optional<double> number = mesa::parse_number(std::string(data, data + size));
  if (!number) return 0;
  if (!std::isfinite(*number)) std::abort();
  if (mesa::parse_number(mesa::number_text(*number)) != number) std::abort();
  for (int digits = 1; digits < 17; ++digits) {
    if (!mesa::parse_number(mesa::number_text(*number, digits))) std::abort();
  }
  return 0;
}
