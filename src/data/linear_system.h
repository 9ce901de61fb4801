#pragma once

#include <Eigen/Core>

#include "data/task.h"

namespace mesa {

/// Writes states [T + 1, d]: s_1 ~ U(-1, 1)^d, s_{t+1} = W s_t + sigma e_t with e_t ~ N(0, I), clipped to
/// +-state_limit. `transition` is W [d, d]. (The paper's text starts from N(0, 1), its code from U(-1, 1);
/// this follows the code.)
void run_linear_system(const Eigen::MatrixXf& transition, const TaskConfig& config, RandomStream& random,
                       const MatrixView<float>& states);

/// Writes states [T + 1, d] of a linear system whose W is Haar-orthogonal.
void generate_linear_system(const TaskConfig& config, RandomStream& random, const MatrixView<float>& states);

}  // namespace mesa
