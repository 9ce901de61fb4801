#pragma once

#include <functional>
#ifndef __EMSCRIPTEN__
#include <mutex>
#endif

namespace mesa {

/// Calls work(worker, item) once for every item in [0, items), shared among `threads` threads, or as many as
/// the system has room for; `worker` in [0, threads) tells them apart. Returns when all are done, or throws
/// what a call threw. Which thread takes which item is not defined, so results must not depend on it.
/// Denormal numbers count as zero. WebAssembly modules run it on the calling thread, and keep denormals.
void for_each_item(int items, int threads, const std::function<void(int worker, int item)>& work);

/// What keeps those threads apart.
#ifdef __EMSCRIPTEN__
struct Mutex {
  void lock() {}
  void unlock() {}
};
#else
using Mutex = std::mutex;
#endif

}  // namespace mesa
