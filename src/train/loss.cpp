#include "train/loss.h"

#include <cassert>

namespace mesa {

template <class Scalar>
double squared_error(MatrixView<const Scalar> predictions, MatrixView<const float> labels) {
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

double zero_squared_error(MatrixView<const float> labels) {
  double sum = 0;
  for (int t = 0; t < labels.rows; ++t) {
    for (int j = 0; j < labels.columns; ++j) sum += double(labels(t, j)) * labels(t, j) / 2;
  }
  return sum;
}

template <class Scalar>
void squared_error_gradient(MatrixView<const Scalar> predictions, MatrixView<const float> labels,
                            Scalar scale, MatrixView<Scalar> gradient) {
  assert(predictions.rows == labels.rows && predictions.columns == labels.columns);
  for (int t = 0; t < labels.rows; ++t) {
    for (int j = 0; j < labels.columns; ++j) {
      gradient(t, j) = (predictions(t, j) - Scalar(labels(t, j))) * scale;
    }
  }
}

template double squared_error(MatrixView<const float>, MatrixView<const float>);
template double squared_error(MatrixView<const double>, MatrixView<const float>);
template void squared_error_gradient(MatrixView<const float>, MatrixView<const float>, float,
                                     MatrixView<float>);
template void squared_error_gradient(MatrixView<const double>, MatrixView<const float>, double,
                                     MatrixView<double>);

}  // namespace mesa
