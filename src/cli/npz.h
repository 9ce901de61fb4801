#pragma once

#include <string>

#include "model/checkpoint.h"

namespace mesa {

/// The tensors as an .npz archive, which numpy.load() opens: one float32 array [rows, columns] in C order
/// under each tensor's name. The same checkpoint gives the same bytes.
std::string npz_bytes(const Checkpoint& checkpoint);

}  // namespace mesa
