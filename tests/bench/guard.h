#pragma once

namespace mesa {

/// Times a few cases and prints, for each, the share of the peak it reaches and its floor. False if one is
/// below.
bool check_floors();

}  // namespace mesa
