#include "train/loss.h"

#include <cassert>

#include "core/simd.h"
#include "core/vector_arithmetic.h"

namespace mesa {

template <class Scalar>
double squared_error(const MatrixView<const Scalar>& predictions, const MatrixView<const Scalar>& labels) {
  assert(predictions.rows == labels.rows && predictions.columns == labels.columns);
  double sum = 0;
  for (int t = 0; t < labels.rows; ++t) {
    const Scalar* prediction = &predictions(t, 0);
    const Scalar* label = &labels(t, 0);
    Vector<Scalar> squares = {};
    for (int j = 0; j < labels.columns; j += kLanes<Scalar>) {
      const int count = labels.columns - j;
      const Vector<Scalar> error = load_first(prediction + j, count) - load_first(label + j, count);
      squares = multiply_add<Scalar>(error, error, squares);
    }
    sum += double(sum_of_lanes<Scalar>(squares));
  }
  return sum / 2;
}

double zero_squared_error(const MatrixView<const float>& labels) {
  double sum = 0;
  for (int t = 0; t < labels.rows; ++t) sum += double(dot(&labels(t, 0), &labels(t, 0), labels.columns));
  return sum / 2;
}

template <class Scalar>
void squared_error_gradient(const MatrixView<const Scalar>& predictions,
                            const MatrixView<const Scalar>& labels, Scalar scale,
                            const MatrixView<Scalar>& gradient) {
  assert(predictions.rows == labels.rows && predictions.columns == labels.columns);
  for (int t = 0; t < labels.rows; ++t) {
    const Scalar* prediction = &predictions(t, 0);
    const Scalar* label = &labels(t, 0);
    Scalar* row = &gradient(t, 0);
    for (int j = 0; j < labels.columns; j += kLanes<Scalar>) {
      const int count = labels.columns - j;
      const Vector<Scalar> error = load_first(prediction + j, count) - load_first(label + j, count);
      store_first(row + j, error * scale, count);
    }
  }
}

#define MESA_INSTANTIATE(Scalar)                                                                         \
  template double squared_error(const MatrixView<const Scalar>&, const MatrixView<const Scalar>&);       \
  template void squared_error_gradient(const MatrixView<const Scalar>&, const MatrixView<const Scalar>&, \
                                       Scalar, const MatrixView<Scalar>&);
MESA_INSTANTIATE(float)
MESA_INSTANTIATE(double)
#undef MESA_INSTANTIATE

}  // namespace mesa
