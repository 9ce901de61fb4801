#include "core/elimination.h"

#include <algorithm>

#include "core/vector_arithmetic.h"

namespace mesa {

template <class Scalar>
void eliminate(const MatrixView<Scalar>& augmented, const MatrixView<Scalar>& pivots) {
  const int n = augmented.rows;
  for (int t = 0; t < n; ++t) {
    Scalar* row = &augmented(t, 0);
    const Scalar pivot = pivots(t, 0) += std::max(row[t], Scalar{0});
    // What changes of a row below stands side by side: A from its diagonal on, and I up to column t.
    const int end = n + t + 1;
    for (int below = t + 1; below < n; ++below) {
      Scalar* target = &augmented(below, below);
      combine(-row[below] / pivot, row + below, Scalar(1), target, target, end - below);
    }
  }
}

template void eliminate(const MatrixView<float>&, const MatrixView<float>&);
template void eliminate(const MatrixView<double>&, const MatrixView<double>&);

}  // namespace mesa
