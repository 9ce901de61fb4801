#include "core/parallel.h"

#ifndef __EMSCRIPTEN__
#include <algorithm>
#include <system_error>
#include <utility>

#include "core/denormals.h"
#endif

namespace mesa {

void for_each_item(int items, int threads, const ItemWork& work) {
  ThreadPool(threads < items ? threads : items).for_each_item(items, work);
}

#ifdef __EMSCRIPTEN__

ThreadPool::ThreadPool(int threads) : threads_(threads) {}

ThreadPool::~ThreadPool() = default;

void ThreadPool::for_each_item(int items, const ItemWork& work) {
  for (int item = 0; item < items; ++item) work(0, item);
}

#else

ThreadPool::ThreadPool(int threads) : threads_(threads) {
  pool_.reserve(std::size_t(std::max(threads, 1)) - 1);
  try {
    for (int worker = 1; worker < threads; ++worker) pool_.emplace_back([this, worker] { serve(worker); });
  } catch (const std::system_error&) {
    // The system has no room for so many, nor then for what they would need: the caller does everything.
    stop();
  }
}

ThreadPool::~ThreadPool() { stop(); }

void ThreadPool::stop() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  round_began_.notify_all();
  pool_.clear();
}

void ThreadPool::for_each_item(int items, const ItemWork& work) {
  {
    const std::lock_guard lock(mutex_);
    work_ = &work;
    items_ = items;
    next_ = 0;
    busy_ = int(pool_.size());
    ++round_;
  }
  round_began_.notify_all();
  take_items(0);
  std::unique_lock lock(mutex_);
  round_ended_.wait(lock, [this] { return busy_ == 0; });
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void ThreadPool::take_items(int worker) {
  const FlushDenormals flush;
  try {
    for (int item = next_++; item < items_; item = next_++) (*work_)(worker, item);
  } catch (...) {
    const std::lock_guard lock(mutex_);
    failure_ = std::current_exception();
    next_ = items_;
  }
}

void ThreadPool::serve(int worker) {
  std::unique_lock lock(mutex_);
  for (int seen = 0;;) {
    round_began_.wait(lock, [&] { return ends_ || round_ != seen; });
    if (ends_) return;
    seen = round_;
    lock.unlock();
    take_items(worker);
    lock.lock();
    if (--busy_ == 0) round_ended_.notify_one();
  }
}

#endif

}  // namespace mesa
