#pragma once

#include <Eigen/Core>

#include "core/random.h"

namespace mesa {

/// A matrix [rows, columns] of independent entries from N(0, standard_deviation^2).
Eigen::MatrixXf random_gaussian(int rows, int columns, float standard_deviation, RandomStream& random);

/// A square matrix as the product of an orthogonal one and an upper triangular one with a positive diagonal.
struct OrthogonalTriangular {
  Eigen::MatrixXd orthogonal;
  Eigen::MatrixXd triangular;
};

/// By Gram and Schmidt, in double so that a float's digits are all good. The result is finite even if the
/// matrix is singular; the first factor is not orthogonal then.
OrthogonalTriangular orthogonal_triangular(const Eigen::MatrixXf& matrix);

/// An orthogonal matrix [size, size] drawn from the Haar measure: the Q of a Gaussian matrix's QR
/// decomposition, R having a positive diagonal (Mezzadri 2007).
Eigen::MatrixXf random_orthogonal(int size, RandomStream& random);

}  // namespace mesa
