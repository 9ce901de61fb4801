#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include "cli/files.h"
#include "cli/run_json.h"

namespace mesa {

/// The place of a command's JSON: the file `path`, or `out` if it is empty. It is checked before the work is
/// done, so that a failure is reported at once.
class JsonOutput {
 public:
  /// Throws Error when the file cannot be written, WriteFailure when standard output cannot.
  JsonOutput(const std::string& path, std::ostream& out);
  /// Throws WriteFailure when not all could be written.
  void write(const Json& json);

 private:
  std::optional<OutputFile> file_;
  std::ostream& out_;
};

}  // namespace mesa
