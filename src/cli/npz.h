#pragma once

#include <string>

#include "model/checkpoint.h"

namespace mesa {

/// Writes the tensors as an .npz archive, which numpy.load() opens: one float32 array [rows, columns] in C
/// order under each tensor's name. Throws Error naming the path when it cannot be written.
void write_npz(const Checkpoint& checkpoint, const std::string& path);

}  // namespace mesa
