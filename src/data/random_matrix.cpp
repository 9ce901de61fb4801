#include "data/random_matrix.h"

#include <algorithm>

namespace mesa {

Eigen::MatrixXf random_gaussian(int rows, int columns, float standard_deviation, RandomStream& random) {
  Eigen::MatrixXf gaussian(rows, columns);
  random.fill_normal({gaussian.data(), static_cast<std::size_t>(gaussian.size())}, standard_deviation);
  return gaussian;
}

OrthogonalTriangular orthogonal_triangular(const Eigen::MatrixXf& matrix) {
  constexpr double kSmallest = 1e-100;  // avoids 0 / 0
  const Eigen::Index size = matrix.cols();
  OrthogonalTriangular result = {matrix.cast<double>(), Eigen::MatrixXd::Zero(size, size)};
  auto& [q, r] = result;
  for (Eigen::Index j = 0; j < size; ++j) {
    for (Eigen::Index i = 0; i < j; ++i) {
      r(i, j) = q.col(i).dot(q.col(j));
      q.col(j) -= r(i, j) * q.col(i);
    }
    r(j, j) = std::max(q.col(j).norm(), kSmallest);
    q.col(j) /= r(j, j);
  }
  return result;
}

Eigen::MatrixXf random_orthogonal(int size, RandomStream& random) {
  return orthogonal_triangular(random_gaussian(size, size, 1, random)).orthogonal.cast<float>();
}

}  // namespace mesa
