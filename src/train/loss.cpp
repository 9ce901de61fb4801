#include "train/loss.h"

#include <cassert>

namespace mesa {

template <class Scalar>
double squared_error(const MatrixView<const Scalar>& predictions, const MatrixView<const float>& labels) {
  assert(predictions.rows == labels.rows && predictions.columns == labels.columns);
  double sum = 0;
  for (int t = 0; t < labels.rows; ++t) {
    for (int j = 0; j < labels.columns; ++j) {
      const double error = double(predictions(t, j)) - double(labels(t, j));
      sum += error * error / 2;
    }
  }
  return sum;
}

double zero_squared_error(const MatrixView<const float>& labels) {
  double sum = 0;
  for (int t = 0; t < labels.rows; ++t) {
    for (int j = 0; j < labels.columns; ++j) sum += double(labels(t, j)) * labels(t, j) / 2;
  }
  return sum;
}

template <class Scalar>
void squared_error_gradient(const MatrixView<const Scalar>& predictions,
                            const MatrixView<const float>& labels, Scalar scale,
                            const MatrixView<Scalar>& gradient) {
  assert(predictions.rows == labels.rows && predictions.columns == labels.columns);
  for (int t = 0; t < labels.rows; ++t) {
    for (int j = 0; j < labels.columns; ++j) {
      gradient(t, j) = (predictions(t, j) - Scalar(labels(t, j))) * scale;
    }
  }
}

template double squared_error(const MatrixView<const float>&, const MatrixView<const float>&);
template double squared_error(const MatrixView<const double>&, const MatrixView<const float>&);
template void squared_error_gradient(const MatrixView<const float>&, const MatrixView<const float>&, float,
                                     const MatrixView<float>&);
template void squared_error_gradient(const MatrixView<const double>&, const MatrixView<const float>&, double,
                                     const MatrixView<double>&);

}  // namespace mesa
