#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace mesa {

/// Runs `mesa` with the given arguments (without the program's name). Results go to `out`, progress and
/// messages to `err`. Returns the exit code: 0, 1 if training had to stop or a result could not be written, 2
/// for bad input, 128 plus the signal's number if a signal stopped it.
int run_command_line(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err);

}  // namespace mesa
