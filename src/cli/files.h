#pragma once

#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>

#include "model/checkpoint.h"

namespace mesa {

/// Thrown when a result could not be written although its place seemed writable.
struct WriteFailure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A path and the option that gave it.
struct NamedPath {
  std::string_view option;
  std::string path;  ///< empty if the option is not given
};

/// The bytes of a regular file. Throws Error if it is not one or cannot be read.
std::string read_file(const std::string& path);

/// Throws Error naming the path if the file is not a checkpoint that a run can have written.
Checkpoint read_checkpoint(const std::string& path);

/// Throws Error if the output is the same file as one of the others, by whatever path. An output without a
/// path is standard output.
void check_apart(const NamedPath& output, std::initializer_list<NamedPath> others);

/// A file that a command writes once or repeatedly. It is written beside its place and renamed when complete,
/// so that at any time the old or the new file is there in full. Symbolic links are followed, and an older
/// file's mode is kept.
class OutputFile {
 public:
  /// Throws Error if something other than a regular file is there, or none can be written.
  explicit OutputFile(NamedPath place);

  /// Defers signals until it is done. Throws WriteFailure.
  void write(std::string_view bytes) const;

 private:
  NamedPath place_;
};

}  // namespace mesa
