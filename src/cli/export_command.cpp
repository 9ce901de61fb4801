#include <ostream>

#include "cli/commands.h"
#include "cli/npz.h"

namespace mesa {

int export_command(const std::string& checkpoint, const std::string& out_path, std::ostream& out) {
  const Checkpoint read = read_checkpoint(checkpoint);
  write_npz(read, out_path);
  out << read.tensors.size() << " arrays written to " << out_path << '\n';
  return 0;
}

}  // namespace mesa
