#include "data/sequences.h"

#include <Eigen/QR>

namespace mesa {

Eigen::MatrixXd fit_linear_map(const Eigen::MatrixXd& inputs, const Eigen::MatrixXd& outputs) {
  return inputs.completeOrthogonalDecomposition().solve(outputs).transpose();
}

}  // namespace mesa
