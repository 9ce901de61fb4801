#pragma once

#include <Eigen/Core>
#include <cstdint>

#include "data/task.h"

namespace mesa {

/// The one Haar-orthogonal W [size, size] of all the sequences drawn from a seed.
Eigen::MatrixXf fixed_teacher(int size, std::uint64_t seed);

/// A linear system with that W: the control, in which there is nothing to learn in context. states [T + 1,
/// d].
void generate_fixed_teacher(const TaskConfig& config, RandomStream& random, const MatrixView<float>& states);

}  // namespace mesa
