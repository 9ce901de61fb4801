#include "cli/json_output.h"

#include <fcntl.h>
#include <unistd.h>

#include <ostream>

namespace mesa {
namespace {

constexpr const char* kNoStandardOutput = "standard output cannot be written";

bool standard_output_is_open() {
  const int flags = fcntl(STDOUT_FILENO, F_GETFL);
  return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY;
}

}  // namespace

JsonOutput::JsonOutput(const std::string& path, std::ostream& out) : out_(out) {
  if (!path.empty()) {
    file_.emplace(NamedPath{"--out", path});
  } else if (!standard_output_is_open()) {
    throw WriteFailure(kNoStandardOutput);
  }
}

void JsonOutput::write(const Json& json) {
  const std::string text = json.dump(1) + '\n';
  if (file_) return file_->write(text);
  if (!(out_ << text << std::flush)) throw WriteFailure(kNoStandardOutput);
}

}  // namespace mesa
