#include "data/contracting_system.h"

#include "data/dynamics.h"
#include "data/random_matrix.h"

namespace mesa {

Eigen::MatrixXd random_contraction(int size, RandomStream& random) {
  constexpr float kSmallest = 0.3F;
  constexpr float kLargest = 0.9F;
  const Eigen::MatrixXf basis = random_gaussian(size, size, 1, random);
  Eigen::VectorXf eigenvalues(size);
  random.fill_uniform({eigenvalues.data(), static_cast<std::size_t>(size - 1)}, kSmallest, kLargest);
  eigenvalues(size - 1) = kLargest;
  // Solves W U = U diag(e) with U = Q R for W Q, column by column.
  const auto [q, r] = orthogonal_triangular(basis);
  Eigen::MatrixXd image(size, size);
  for (Eigen::Index j = 0; j < size; ++j) {
    image.col(j) = eigenvalues[j] * basis.col(j).cast<double>();
    for (Eigen::Index i = 0; i < j; ++i) image.col(j) -= r(i, j) * image.col(i);
    image.col(j) /= r(j, j);
  }
  return image.lazyProduct(q.transpose());
}

void generate_contracting_system(const TaskConfig& config, RandomStream& random,
                                 const MatrixView<float>& states) {
  const Eigen::MatrixXd transition = random_contraction(states.columns, random);
  const auto step = [&](const auto& state) -> Eigen::VectorXf {
    return (transition * state.template cast<double>()).template cast<float>();
  };
  run_dynamics(step, 1, config, random, states);
}

}  // namespace mesa
