#include "nn/unit_length.h"

#include <cmath>

#include "core/vector_arithmetic.h"

namespace mesa {

template <class Scalar>
void unit_length_forward(const MatrixView<Scalar>& vectors, const MatrixView<Scalar>& lengths) {
  constexpr auto kShortestSquared = Scalar(1e-12);
  for (int t = 0; t < vectors.rows; ++t) {
    Scalar* vector = &vectors(t, 0);
    lengths(t, 0) = std::sqrt(kShortestSquared + dot(vector, vector, vectors.columns));
    scale(1 / lengths(t, 0), vector, vector, vectors.columns);
  }
}

template <class Scalar>
void unit_length_backward(const MatrixView<const Scalar>& unit_vectors,
                          const MatrixView<const Scalar>& lengths, const MatrixView<Scalar>& gradient) {
  for (int t = 0; t < gradient.rows; ++t) {
    const Scalar* unit = &unit_vectors(t, 0);
    Scalar* row = &gradient(t, 0);
    const Scalar along = dot(unit, row, gradient.columns);
    const Scalar factor = 1 / lengths(t, 0);
    combine(factor, row, -factor * along, unit, row, gradient.columns);
  }
}

template void unit_length_forward(const MatrixView<float>&, const MatrixView<float>&);
template void unit_length_forward(const MatrixView<double>&, const MatrixView<double>&);
template void unit_length_backward(const MatrixView<const float>&, const MatrixView<const float>&,
                                   const MatrixView<float>&);
template void unit_length_backward(const MatrixView<const double>&, const MatrixView<const double>&,
                                   const MatrixView<double>&);

}  // namespace mesa
