#pragma once

namespace mesa {

/// Times a few cases and prints the ratio of each to the peak, and its floor. Returns false if one stays
/// below its floor in every attempt.
bool check_floors();

}  // namespace mesa
