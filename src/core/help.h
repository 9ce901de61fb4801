#pragma once

#include <string_view>

namespace mesa {

/// Returns a help text, or nothing in WebAssembly: the page takes these texts from the facts that the build
/// writes (src/facts), which keeps its modules small.
constexpr std::string_view help([[maybe_unused]] std::string_view text) {
#ifdef __EMSCRIPTEN__
  return "";
#else
  return text;
#endif
}

}  // namespace mesa
