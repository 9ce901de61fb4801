#pragma once

#include <string_view>

namespace mesa {

/// The name of this build of the engine. Results record it, since builds differ in the last bits of a float.
std::string_view engine_name();

}  // namespace mesa
