#include "cli/stop_signals.h"

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <utility>

namespace mesa {
namespace {

// The handler may run in any thread and uses only these lock-free atomics.
std::atomic<int> deferrals = 0;
std::atomic<int> deferred = 0;  ///< the signal that is deferred
std::atomic<bool> is_noting = false;
std::atomic<int> noted = 0;
std::atomic<const std::string*> farewell = nullptr;
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<bool>::is_always_lock_free &&
              std::atomic<const std::string*>::is_always_lock_free);

void end_by(int signal) {
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void handle(int signal) {
  if (deferrals > 0) {
    deferred = signal;
  } else if (const std::string* words = farewell) {
    // If even this fails, nothing can be reported.
    [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, words->data(), words->size());
    _exit(exit_code_of(signal));
  } else if (is_noting && noted == 0) {
    noted = signal;
  } else {
    end_by(signal);
  }
}

}  // namespace

void watch_stop_signals() {
  struct sigaction action {};
  action.sa_handler = handle;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGHUP, SIGINT, SIGTERM}) {
    struct sigaction before {};
    sigaction(signal, nullptr, &before);
    if (before.sa_handler != SIG_IGN) sigaction(signal, &action, nullptr);
  }
}

int exit_code_of(int signal) { return 128 + signal; }

SignalsDeferred::SignalsDeferred() { ++deferrals; }

SignalsDeferred::~SignalsDeferred() {
  if (--deferrals > 0) return;
  if (const int signal = deferred.exchange(0)) std::raise(signal);
}

StopRequest::StopRequest() { is_noting = true; }

StopRequest::~StopRequest() {
  is_noting = false;
  noted = 0;
}

int StopRequest::signal() const { return noted; }

Farewell::Farewell(std::string words) : words_(std::move(words)) { farewell = &words_; }

Farewell::~Farewell() { farewell = nullptr; }

}  // namespace mesa
