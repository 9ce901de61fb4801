#pragma once

#include "data/task.h"

namespace mesa {

/// A linear system with n hidden states of which d mixtures are seen: s_t = C h_t + observation noise, where
/// C [d, n] has entries 0.5 N(0, 1), new for each sequence, and h_t in R^n is a sequence of the linear task.
/// k observations in a row determine the next one when k d >= n, and fewer don't. states [T + 1, d].
void generate_partially_observed_system(const TaskConfig& config, RandomStream& random,
                                        const MatrixView<float>& states);

}  // namespace mesa
