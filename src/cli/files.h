#pragma once

#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>

#include "model/checkpoint.h"

namespace mesa {

/// A result could not be written, though its place looked fine before.
struct WriteFailure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A path and the option that gave it.
struct NamedPath {
  std::string_view option;
  std::string path;  ///< empty where the option is not given
};

/// The bytes of a regular file. Throws Error when it is none or cannot be read.
std::string read_file(const std::string& path);

/// Throws Error naming the path when the file is no checkpoint that a run can have written.
Checkpoint read_checkpoint(const std::string& path);

/// Throws Error when the output is the same file as one of the others, whatever paths lead to it. Without a
/// path it is standard output.
void check_apart(const NamedPath& output, std::initializer_list<NamedPath> others);

/// A file that a command writes, once or again and again: beside its place, and renamed when it is whole, so
/// that whatever happens the old file stays or the new one is there. Links are followed, and the mode of an
/// older file is kept.
class OutputFile {
 public:
  /// Throws Error when there is anything but a regular file, or none can be written.
  explicit OutputFile(NamedPath place);

  /// Signals are put off until it is done. Throws WriteFailure.
  void write(std::string_view bytes) const;

 private:
  NamedPath place_;
};

}  // namespace mesa
