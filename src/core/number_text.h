#pragma once

#include <optional>
#include <string>

namespace mesa {

/// Reads a decimal number that takes up all of `text`. Returns nothing if it is not one, or not finite.
std::optional<double> parse_number(const std::string& text);

/// The shortest decimal text of a finite number, exact after rounding to `most_digits` significant digits (17
/// are all that a double has). Only very large and very small numbers have an exponent.
std::string number_text(double value, int most_digits = 17);

}  // namespace mesa
