#pragma once

#include "data/task.h"

namespace mesa {

/// Writes states [T + 1, d] that observe d mixtures of the n hidden states of a linear system: s_t = C h_t +
/// observation noise. C [d, n] has entries 0.5 N(0, 1), new for each sequence; h_t in R^n follows the linear
/// task. k successive observations determine the next one if k d >= n, and fewer do not.
void generate_partially_observed_system(const TaskConfig& config, RandomStream& random,
                                        const MatrixView<float>& states);

}  // namespace mesa
