#include "nn/clip.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace mesa {

template <class Scalar>
void clip_forward(const MatrixView<Scalar>& values, Scalar limit) {
  if (limit == 0) return;
  for (int i = 0; i < values.rows; ++i) {
    Scalar* row = &values(i, 0);
    for (int j = 0; j < values.columns; ++j) row[j] = std::clamp(row[j], -limit, limit);
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
    for (int j = 0; j < clipped.columns; ++j) row[j] = std::abs(value[j]) < limit ? row[j] : 0;
  }
}

template void clip_forward(const MatrixView<float>&, float);
template void clip_forward(const MatrixView<double>&, double);
template void clip_backward(const MatrixView<const float>&, float, const MatrixView<float>&);
template void clip_backward(const MatrixView<const double>&, double, const MatrixView<double>&);

}  // namespace mesa
