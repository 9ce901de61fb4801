#include <ostream>

#include "cli/commands.h"
#include "cli/files.h"
#include "cli/npz.h"

namespace mesa {

int export_command(const std::string& checkpoint, const std::string& out_path, std::ostream& out) {
  check_apart({"--out", out_path}, {{"--checkpoint", checkpoint}});
  const Checkpoint read = read_checkpoint(checkpoint);
  OutputFile({"--out", out_path}).write(npz_bytes(read));
  out << read.tensors.size() << " arrays written to " << out_path << '\n';
  return 0;
}

}  // namespace mesa
