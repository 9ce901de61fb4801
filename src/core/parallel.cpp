#include "core/parallel.h"

#ifndef __EMSCRIPTEN__
#include <algorithm>
#include <atomic>
#include <exception>
#include <system_error>
#include <thread>
#include <vector>

#include "core/denormals.h"
#endif

namespace mesa {

#ifdef __EMSCRIPTEN__

void for_each_item(int items, int /*threads*/, const std::function<void(int worker, int item)>& work) {
  for (int item = 0; item < items; ++item) work(0, item);
}

#else

void for_each_item(int items, int threads, const std::function<void(int worker, int item)>& work) {
  std::atomic<int> next = 0;
  Mutex mutex;
  std::exception_ptr failure;
  const auto take_items = [&](int worker) {
    const FlushDenormals flush;
    try {
      for (int item = next++; item < items; item = next++) work(worker, item);
    } catch (...) {
      const std::lock_guard lock(mutex);
      failure = std::current_exception();
      next = items;
    }
  };
  {
    std::vector<std::jthread> others;
    const int workers = std::min(threads, items);
    others.reserve(std::size_t(std::max(workers, 1)));
    try {
      for (int worker = 1; worker < workers; ++worker) others.emplace_back(take_items, worker);
    } catch (const std::system_error&) {
      // The system has no room for more threads: those that there are do it all.
    }
    take_items(0);
  }
  if (failure) std::rethrow_exception(failure);
}

#endif

}  // namespace mesa
