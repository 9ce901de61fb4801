#include "core/deadline.h"

#include <cmath>
#ifdef __EMSCRIPTEN__
#include <emscripten.h>
#else
#include <chrono>
#endif

namespace mesa {
namespace {

double milliseconds_now() {
#ifdef __EMSCRIPTEN__
  return emscripten_get_now();  // std::chrono would add code for errors
#else
  const auto time = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double, std::milli>(time).count();
#endif
}

}  // namespace

Deadline Deadline::in(double milliseconds) { return Deadline(milliseconds_now() + milliseconds); }

bool Deadline::has_passed() const { return !std::isinf(time_) && milliseconds_now() >= time_; }

}  // namespace mesa
