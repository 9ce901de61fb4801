#pragma once

#include "core/matrix_view.h"

namespace mesa {

/// How far beyond the diagonal of a triangle products read: they go through several rows together.
inline constexpr int kReadBeyondDiagonal = 9;

/// What is known of one matrix of a product [T, T], so that the other half of the arithmetic is left out.
enum class Triangle {
  none,
  left_lower,    ///< left is zero in the kReadBeyondDiagonal columns above its diagonal; others are not read
  left_upper,    ///< left is zero in as many columns below its diagonal
  result_lower,  ///< the result is wanted on and below its diagonal only; above, anything may stand
                 ///< afterwards
  result_upper   ///< on and above it
};

/// result = left * right. Shapes [m, k], [k, n], [m, n]; any strides on the left and right, so a transposed
/// view costs little extra; rows of the result contiguous. The result may not overlap the operands.
template <class Scalar>
void multiply(const MatrixView<const Scalar>& left, const MatrixView<const Scalar>& right,
              const MatrixView<Scalar>& result, Triangle triangle = Triangle::none);

/// result += left * right, otherwise as multiply().
template <class Scalar>
void multiply_accumulate(const MatrixView<const Scalar>& left, const MatrixView<const Scalar>& right,
                         const MatrixView<Scalar>& result, Triangle triangle = Triangle::none);

}  // namespace mesa
