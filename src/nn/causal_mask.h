#pragma once

#include <algorithm>

#include "core/matrix_view.h"

namespace mesa {

/// Position t may look at t' <= t only: zeroes the rest of scores [T, T].
template <class Scalar>
void zero_above_diagonal(MatrixView<Scalar> scores) {
  for (int t = 0; t < scores.rows; ++t) {
    Scalar* row = &scores(t, 0);
    std::fill(row + t + 1, row + scores.columns, Scalar{0});
  }
}

/// The same for one that may look at t' < t only.
template <class Scalar>
void zero_from_diagonal(MatrixView<Scalar> scores) {
  for (int t = 0; t < scores.rows; ++t) {
    Scalar* row = &scores(t, 0);
    std::fill(row + t, row + scores.columns, Scalar{0});
  }
}

}  // namespace mesa
