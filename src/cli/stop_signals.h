#pragma once

#include <string>

namespace mesa {

// How the program reacts to SIGINT (Ctrl-C), SIGTERM and SIGHUP. By default they end it at once.

/// Installs the handler that the rest of this file relies on. Signals ignored at the start stay ignored.
void watch_stop_signals();

/// The exit code that a shell reports for a program ended by a signal.
int exit_code_of(int signal);

/// While an object of this class lives, signals are deferred, so that the work it guards is completed.
class SignalsDeferred {
 public:
  SignalsDeferred();
  ~SignalsDeferred();
  SignalsDeferred(const SignalsDeferred&) = delete;
  SignalsDeferred& operator=(const SignalsDeferred&) = delete;
};

/// While an object of this class lives, the first signal is only noted; a second one ends the program.
class StopRequest {
 public:
  StopRequest();
  ~StopRequest();
  StopRequest(const StopRequest&) = delete;
  StopRequest& operator=(const StopRequest&) = delete;

  /// The signal that was noted, or 0.
  [[nodiscard]] int signal() const;
};

/// While an object of this class lives, a signal prints its text on standard error and ends the program at
/// once, for work that need not be finished.
class Farewell {
 public:
  explicit Farewell(std::string words);
  ~Farewell();
  Farewell(const Farewell&) = delete;
  Farewell& operator=(const Farewell&) = delete;

 private:
  std::string words_;
};

}  // namespace mesa
