#pragma once

#include <Eigen/Core>
#include <functional>

#include "core/matrix_view.h"

namespace mesa {

/// A matrix whose rows are contiguous, as everywhere in the engine.
using RowMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

inline MatrixView<const double> view_of(const RowMatrix& matrix) {
  return {matrix.data(), int(matrix.rows()), int(matrix.cols())};
}

/// Predicts the next states of a sequence: a reference algorithm or a trained model. Given states [T + 1, d],
/// row t of the returned [T, d] predicts row t + 1 from rows 0 .. t only.
using Predictor = std::function<RowMatrix(const RowMatrix& states)>;

/// Predicts zero everywhere: the baseline.
Predictor predict_zero();

}  // namespace mesa
