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

/// The work on one item; `worker`, from 0 on, identifies the thread.
using ItemWork = std::function<void(int worker, int item)>;

/// Threads that live as long as the pool. Denormal numbers count as zero in them. WebAssembly modules have no
/// threads and no such mode; there the calling thread does everything.
class ThreadPool {
 public:
  /// threads >= 1 counts the caller of for_each_item(), which is the only one if the system cannot create so
  /// many.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  /// The number of threads asked for.
  [[nodiscard]] int threads() const { return threads_; }

  /// Calls work(worker, item) once for every item in [0, items), on all threads. Returns when all is done, or
  /// throws what a call threw. Results must not depend on which thread takes which item.
  void for_each_item(int items, const ItemWork& work);

 private:
  int threads_;
#ifndef __EMSCRIPTEN__
  void stop();
  void serve(int worker);
  void take_items(int worker);

  const ItemWork* work_ = nullptr;
  int items_ = 0;
  std::atomic<int> next_ = 0;
  std::exception_ptr failure_;
  int round_ = 0;  ///< changes to start the waiting threads
  int busy_ = 0;   ///< threads of the pool that have not finished the round
  bool ends_ = false;
  std::mutex mutex_;  ///< held to change any of these but next_
  std::condition_variable round_began_;
  std::condition_variable round_ended_;
  std::vector<std::jthread> pool_;
#endif
};

/// The same with a pool for this call only.
void for_each_item(int items, int threads, const ItemWork& work);

/// A mutex for these threads; WebAssembly needs none.
#ifdef __EMSCRIPTEN__
struct Mutex {
  void lock() {}
  void unlock() {}
};
#else
using Mutex = std::mutex;
#endif

}  // namespace mesa
