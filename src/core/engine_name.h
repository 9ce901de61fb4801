#pragma once

#include <string_view>

namespace mesa {

/// Which build of the engine this is; results carry it, since builds differ in the last bits of a float.
std::string_view engine_name();

}  // namespace mesa
