#pragma once

#include "core/matrix_view.h"
#include "core/random.h"
#include "data/task_config.h"

namespace mesa {

/// Draws s_1 .. s_{T+1} into states [T + 1, d]. What all sequences of a run share (the matrices of
/// `nonlinear` and `fixed_teacher`) depends only on the stream's seed, not on its purpose.
void generate_sequence(const TaskConfig& config, RandomStream& random, const MatrixView<float>& states);

}  // namespace mesa
