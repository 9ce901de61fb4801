#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "core/matrix_view.h"

namespace mesa {

/// The numbers as a matrix; there will be more of them where it needs more.
template <class Scalar>
MatrixView<Scalar> scratch_matrix(std::vector<Scalar>& numbers, int rows, int columns) {
  numbers.resize(std::max(numbers.size(), std::size_t(rows) * columns));
  return {numbers.data(), rows, columns};
}

}  // namespace mesa
