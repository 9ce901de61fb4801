#pragma once

#include <Eigen/Core>
#include <cstdint>

#include "data/task.h"

namespace mesa {

/// The Haar-orthogonal W [size, size] that all sequences of a seed share.
Eigen::MatrixXf fixed_teacher(int size, std::uint64_t seed);

/// Writes states [T + 1, d] of a linear system with that W: the control, with nothing to learn in context.
void generate_fixed_teacher(const TaskConfig& config, RandomStream& random, const MatrixView<float>& states);

}  // namespace mesa
