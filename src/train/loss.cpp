#include "train/loss.h"

#include <cassert>

#include "core/simd.h"
#include "core/vector_arithmetic.h"

namespace mesa {

template <class Scalar>
double squared_error(const MatrixView<const Scalar>& predictions, const MatrixView<const Scalar>& targets) {
  assert(predictions.rows == targets.rows && predictions.columns == targets.columns);
  double sum = 0;
  for (int t = 0; t < targets.rows; ++t) {
    const Scalar* prediction = &predictions(t, 0);
    const Scalar* target = &targets(t, 0);
    Vector<Scalar> squares = {};
    for (int j = 0; j < targets.columns; j += kLanes<Scalar>) {
      const int count = targets.columns - j;
      const Vector<Scalar> error = load_first(prediction + j, count) - load_first(target + j, count);
      squares = multiply_add<Scalar>(error, error, squares);
    }
    sum += double(sum_of_lanes<Scalar>(squares));
  }
  return sum / 2;
}

double zero_squared_error(const MatrixView<const float>& targets) {
  double sum = 0;
  for (int t = 0; t < targets.rows; ++t) sum += double(dot(&targets(t, 0), &targets(t, 0), targets.columns));
  return sum / 2;
}

template <class Scalar>
void squared_error_gradient(const MatrixView<const Scalar>& predictions,
                            const MatrixView<const Scalar>& targets, Scalar scale,
                            const MatrixView<Scalar>& gradient) {
  assert(predictions.rows == targets.rows && predictions.columns == targets.columns);
  for (int t = 0; t < targets.rows; ++t) {
    const Scalar* prediction = &predictions(t, 0);
    const Scalar* target = &targets(t, 0);
    Scalar* row = &gradient(t, 0);
    for (int j = 0; j < targets.columns; j += kLanes<Scalar>) {
      const int count = targets.columns - j;
      const Vector<Scalar> error = load_first(prediction + j, count) - load_first(target + j, count);
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
