#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <iostream>

#include "cli/command_line.h"
#include "cli/stop_signals.h"

namespace {

/// Takes the descriptors 0 to 2, so that no file gets one of their numbers and what is meant for a stream.
/// One that was closed is opened such that using it fails, as before.
void take_standard_descriptors() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(descriptor, F_GETFD) >= 0) continue;
    // The lowest number that is free is this one.
    open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

}  // namespace

int main(int argc, char** argv) {
  take_standard_descriptors();
  // A file that grows beyond its limit is a failure to write, to be told.
  std::signal(SIGXFSZ, SIG_IGN);
  mesa::watch_stop_signals();
  return mesa::run_command_line({argv + 1, argv + argc}, std::cout, std::cerr);
}
