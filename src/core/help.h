#pragma once

#include <string_view>

namespace mesa {

/// A text that explains something to people. The page has it from what the build writes down (src/facts): its
/// modules, which a visitor waits for, go without.
constexpr std::string_view help([[maybe_unused]] std::string_view text) {
#ifdef __EMSCRIPTEN__
  return "";
#else
  return text;
#endif
}

}  // namespace mesa
