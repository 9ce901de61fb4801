#include "cli/json_output.h"

#include <ostream>

#include "core/error.h"

namespace mesa {

JsonOutput::JsonOutput(std::string path, std::ostream& out) : path_(std::move(path)), out_(out) {
  if (path_.empty()) return;
  file_.open(path_);
  if (!file_) throw bad_file("--out", path_ + " cannot be written; check that the folder exists");
}

void JsonOutput::write(const Json& json) {
  (path_.empty() ? out_ : file_) << json.dump(1) << std::endl;
  if (!path_.empty() && !file_) throw bad_file("--out", path_ + " could not be written to its end");
}

}  // namespace mesa
