#pragma once

#include <optional>
#include <string>

namespace mesa {

/// The number that all of `text`, a decimal one, is nearest to; nothing when it is none, or not finite.
std::optional<double> parse_number(const std::string& text);

/// A finite number in decimal, rounded to `most_digits` significant digits, 17 being all that a double has,
/// as the shortest text that reads back to that. Only very large and very small ones have an exponent.
std::string number_text(double value, int most_digits = 17);

}  // namespace mesa
