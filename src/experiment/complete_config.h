#pragma once

#include "experiment/config.h"

namespace mesa {

/// Checks what no single field can (such as a warm-up longer than the decay) and fills in the sizes that
/// follow from others. Throws Error. Call it once all fields are set.
void complete_config(Config& config);

}  // namespace mesa
