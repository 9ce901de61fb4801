#include "data/fixed_teacher.h"

#include "data/linear_system.h"
#include "data/random_matrix.h"

namespace mesa {

Eigen::MatrixXf fixed_teacher(int size, std::uint64_t seed) {
  RandomStream random(seed, RandomPurpose::task, 0, 0);
  return random_orthogonal(size, random);
}

void generate_fixed_teacher(const TaskConfig& config, RandomStream& random, const MatrixView<float>& states) {
  run_linear_system(fixed_teacher(states.columns, random.seed()), config, random, states);
}

}  // namespace mesa
