#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include "cli/files.h"
#include "cli/run_json.h"

namespace mesa {

/// Where a command's JSON goes: to the file `path`, or to `out` when that is empty. Made before the work is
/// done, so that a place that cannot be written is known at once.
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
