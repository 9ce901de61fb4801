#pragma once

#include <fstream>
#include <iosfwd>
#include <string>

#include "cli/run_json.h"

namespace mesa {

/// Where a command's JSON goes: to the file `path`, or to `out` when that is empty. Opened before the work is
/// done, so that a path that cannot be written is known at once.
class JsonOutput {
 public:
  /// Throws Error when the file cannot be opened.
  JsonOutput(std::string path, std::ostream& out);
  /// Throws Error when it cannot be written to its end.
  void write(const Json& json);

 private:
  std::string path_;
  std::ofstream file_;
  std::ostream& out_;
};

}  // namespace mesa
