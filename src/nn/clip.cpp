#include "nn/clip.h"

#include <cassert>

#include "core/simd.h"

namespace mesa {

template <class Scalar>
void clip_forward(const MatrixView<Scalar>& values, Scalar limit) {
  if (limit == 0) return;
  for (int i = 0; i < values.rows; ++i) {
    Scalar* row = &values(i, 0);
    for (int j = 0; j < values.columns; j += kLanes<Scalar>) {
      const int count = values.columns - j;
      const Vector<Scalar> value = load_first(row + j, count);
      const Vector<Scalar> not_above = value > limit ? broadcast(limit) : value;
      store_first(row + j, not_above < -limit ? broadcast(-limit) : not_above, count);
    }
  }
}

template <class Scalar>
void clip_backward(const MatrixView<const Scalar>& clipped, Scalar limit,
                   const MatrixView<Scalar>& gradient) {
  if (limit == 0) return;
  assert(clipped.rows == gradient.rows && clipped.columns == gradient.columns);
  for (int i = 0; i < clipped.rows; ++i) {
    const Scalar* value = &clipped(i, 0);
    Scalar* row = &gradient(i, 0);
    for (int j = 0; j < clipped.columns; j += kLanes<Scalar>) {
      const int count = clipped.columns - j;
      const Vector<Scalar> v = load_first(value + j, count);
      const auto is_within = (v < limit) & (v > -limit);
      store_first(row + j, is_within ? load_first(row + j, count) : Vector<Scalar>{}, count);
    }
  }
}

template void clip_forward(const MatrixView<float>&, float);
template void clip_forward(const MatrixView<double>&, double);
template void clip_backward(const MatrixView<const float>&, float, const MatrixView<float>&);
template void clip_backward(const MatrixView<const double>&, double, const MatrixView<double>&);

}  // namespace mesa
