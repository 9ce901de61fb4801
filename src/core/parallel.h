#pragma once

#include <functional>
#ifndef __EMSCRIPTEN__
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>
#endif

namespace mesa {

/// Work on one item; `worker`, from 0 on, tells apart those who work at the same time.
using ItemWork = std::function<void(int worker, int item)>;

/// Threads that wait for work as long as the pool lives. WebAssembly modules have none: there the calling
/// thread does everything. In all of them denormal numbers count as zero, but not in WebAssembly, which
/// cannot have that.
class ThreadPool {
 public:
  /// threads >= 1, of which the caller of for_each_item() is one; or as many as the system has room for.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  /// The number of threads that was asked for.
  [[nodiscard]] int threads() const { return threads_; }

  /// Calls work(worker, item) once for every item in [0, items), shared among the threads. Returns when all
  /// are done, or throws what a call threw. Which thread takes which item is not defined, so results must not
  /// depend on it.
  void for_each_item(int items, const ItemWork& work);

 private:
  int threads_;
#ifndef __EMSCRIPTEN__
  void start(int count);
  void stop();
  void serve(int worker);
  void take_items(int worker);

  const ItemWork* work_ = nullptr;
  int items_ = 0;
  std::atomic<int> next_ = 0;
  std::exception_ptr failure_;
  int round_ = 0;  ///< of work, which the threads that wait see change
  int busy_ = 0;   ///< threads of the pool that are not done with the round
  bool ends_ = false;
  std::mutex mutex_;  ///< held to change any of these but next_
  std::condition_variable round_began_;
  std::condition_variable round_ended_;
  std::vector<std::jthread> pool_;
#endif
};

/// The same with a pool for this call alone.
void for_each_item(int items, int threads, const ItemWork& work);

/// What keeps such threads apart.
#ifdef __EMSCRIPTEN__
struct Mutex {
  void lock() {}
  void unlock() {}
};
#else
using Mutex = std::mutex;
#endif

}  // namespace mesa
