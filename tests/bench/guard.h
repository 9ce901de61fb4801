#pragma once

namespace mesa {

/// Times a few cases and prints, for each, the share of the peak it reaches and its floor. False if one stays
/// below, however often it is tried.
bool check_floors();

}  // namespace mesa
