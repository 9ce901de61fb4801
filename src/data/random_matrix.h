#pragma once

#include <Eigen/Core>

#include "core/random.h"

namespace mesa {

/// A matrix [rows, columns] of independent entries from N(0, standard_deviation^2).
Eigen::MatrixXf random_gaussian(int rows, int columns, float standard_deviation, RandomStream& random);

/// A square matrix factored into an orthogonal and an upper triangular one with a positive diagonal.
struct OrthogonalTriangular {
  Eigen::MatrixXd orthogonal;
  Eigen::MatrixXd triangular;
};

/// Factors by Gram-Schmidt in double, so that all digits of a float are right. For a singular matrix the
/// result is finite, but the first factor is not orthogonal.
OrthogonalTriangular orthogonal_triangular(const Eigen::MatrixXf& matrix);

/// An orthogonal matrix [size, size] drawn from the Haar measure: the Q of a Gaussian matrix's QR
/// decomposition, R having a positive diagonal (Mezzadri 2007).
Eigen::MatrixXf random_orthogonal(int size, RandomStream& random);

}  // namespace mesa
