#pragma once

#include "experiment/config.h"

namespace mesa {

/// The bytes that an experiment needs to train and evaluate its model on one thread. The sizes of `config`
/// have to be filled in.
double memory_bytes(const Config& config);

}  // namespace mesa
