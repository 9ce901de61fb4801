#pragma once

#include "experiment/config.h"

namespace mesa {

/// The bytes that an experiment takes, once it has trained and evaluated its model on one thread: of a
/// configuration whose sizes are filled in.
double memory_bytes(const Config& config);

}  // namespace mesa
