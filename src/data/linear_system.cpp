#include "data/linear_system.h"

#include "data/dynamics.h"
#include "data/random_matrix.h"

namespace mesa {

void run_linear_system(const Eigen::MatrixXf& transition, const TaskConfig& config, RandomStream& random,
                       const MatrixView<float>& states) {
  const auto step = [&](const auto& state) -> Eigen::VectorXf { return transition * state; };
  run_dynamics(step, 1, config, random, states);
}

void generate_linear_system(const TaskConfig& config, RandomStream& random, const MatrixView<float>& states) {
  const Eigen::MatrixXf transition = random_orthogonal(states.columns, random);
  run_linear_system(transition, config, random, states);
}

}  // namespace mesa
