#pragma once

#include <string>

namespace mesa {

// What happens when somebody asks the program to stop: by SIGINT (Ctrl-C), SIGTERM or SIGHUP. By default it
// ends at once, as programs do.

/// Makes the rest of this file hold. Signals that the program was started to ignore are ignored.
void watch_stop_signals();

/// What a shell calls the exit code of a program that a signal ended.
int exit_code_of(int signal);

/// While it lives, signals wait: what it guards is done whole.
class SignalsDeferred {
 public:
  SignalsDeferred();
  ~SignalsDeferred();
  SignalsDeferred(const SignalsDeferred&) = delete;
  SignalsDeferred& operator=(const SignalsDeferred&) = delete;
};

/// While it lives, the first signal is only noted, for who looks now and then. A second one ends the program.
class StopRequest {
 public:
  StopRequest();
  ~StopRequest();
  StopRequest(const StopRequest&) = delete;
  StopRequest& operator=(const StopRequest&) = delete;

  /// The signal that came; 0 if none did.
  [[nodiscard]] int signal() const;
};

/// While it lives, a signal ends the program at once, with these words on standard error: for work that need
/// not be finished.
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
