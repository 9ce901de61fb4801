#pragma once

#include "experiment/config.h"

namespace mesa {

/// Checks what depends on several fields (such as a warm-up longer than the decay) and sets the sizes that
/// follow from others. Throws Error. Call it once all fields are set.
void complete_config(Config& config);

}  // namespace mesa
