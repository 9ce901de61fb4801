#pragma once

#include "core/matrix_view.h"
#include "core/random.h"
#include "data/task_config.h"

namespace mesa {

/// Draws a sequence of states s_1 .. s_{T+1} into states [T + 1, d]. What the sequences of a run share (the
/// matrices of `nonlinear` and `fixed_teacher`) is drawn from the stream's seed alone, so sequences of
/// whatever purpose belong together if they have the seed in common.
void generate_sequence(const TaskConfig& config, RandomStream& random, const MatrixView<float>& states);

}  // namespace mesa
