#pragma once

#include <ctime>

namespace mesa {

/// Seconds that this process has computed: on a busy machine time spent waiting for a turn does not count. In
/// a browser, which has no such clock, time as such.
inline double processor_seconds() {
#ifdef __EMSCRIPTEN__
  constexpr clockid_t kClock = CLOCK_MONOTONIC;
#else
  constexpr clockid_t kClock = CLOCK_PROCESS_CPUTIME_ID;
#endif
  std::timespec now{};
  clock_gettime(kClock, &now);
  return double(now.tv_sec) + 1e-9 * double(now.tv_nsec);
}

}  // namespace mesa
