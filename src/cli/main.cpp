#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <iostream>

#include "cli/command_line.h"
#include "cli/stop_signals.h"

namespace {

/// Occupies the descriptors 0 to 2, so that no file gets one of these numbers and the output meant for a
/// stream. Using one that was closed still fails.
void take_standard_descriptors() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(descriptor, F_GETFD) >= 0) continue;
    // open() takes the lowest free number, which is this one.
    open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

}  // namespace

int main(int argc, char** argv) {
  take_standard_descriptors();
  // Exceeding the limit of a file's size must fail the write, not end the program.
  std::signal(SIGXFSZ, SIG_IGN);
  mesa::watch_stop_signals();
  return mesa::run_command_line({argv + 1, argv + argc}, std::cout, std::cerr);
}
