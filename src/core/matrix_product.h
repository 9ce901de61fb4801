#pragma once

#include "core/matrix_view.h"

namespace mesa {

/// How many columns beyond a triangle's diagonal products read, as they take several rows at a time.
inline constexpr int kReadBeyondDiagonal = 9;

/// Known zeros in one matrix of a product, or unneeded entries of its result, which halve the arithmetic.
enum class Triangle {
  none,
  left_lower,    ///< left is zero in kReadBeyondDiagonal columns right of its diagonal; others are not read
  left_upper,    ///< left is zero in as many columns left of its diagonal; others are not read
  result_lower,  ///< only the result on and below its diagonal is needed; the rest is undefined
  result_upper   ///< only the result on and above its diagonal is needed
};

/// result = left * right, with shapes [m, k], [k, n], [m, n]. The operands may have any strides, so
/// transposed views cost little extra. The result's rows must be contiguous and not overlap the operands.
template <class Scalar>
void multiply(const MatrixView<const Scalar>& left, const MatrixView<const Scalar>& right,
              const MatrixView<Scalar>& result, Triangle triangle = Triangle::none);

/// result += left * right, with the same requirements as multiply().
template <class Scalar>
void multiply_accumulate(const MatrixView<const Scalar>& left, const MatrixView<const Scalar>& right,
                         const MatrixView<Scalar>& result, Triangle triangle = Triangle::none);

}  // namespace mesa
