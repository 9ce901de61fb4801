#include "analysis/normal_equations.h"

#include <cmath>

namespace mesa {
namespace {

/// gram = L L^T; L replaces its lower triangle.
void decompose(RowMatrix& gram) {
  for (Eigen::Index i = 0; i < gram.rows(); ++i) {
    for (Eigen::Index j = 0; j <= i; ++j) {
      const double rest = gram(i, j) - gram.row(i).head(j).dot(gram.row(j).head(j));
      gram(i, j) = j < i ? rest / gram(j, j) : std::sqrt(rest);
    }
  }
}

}  // namespace

RowMatrix solve_normal_equations(RowMatrix gram, RowMatrix cross) {
  constexpr double kRelativeRidge = 1e-10;
  for (double& entry : gram.diagonal()) entry = entry > 0 ? entry * (1 + kRelativeRidge) : 1;
  decompose(gram);
  for (Eigen::Index i = 0; i < gram.rows(); ++i) {
    for (Eigen::Index j = 0; j < i; ++j) cross.row(i) -= gram(i, j) * cross.row(j);
    cross.row(i) /= gram(i, i);
  }
  for (Eigen::Index i = gram.rows() - 1; i >= 0; --i) {
    for (Eigen::Index j = i + 1; j < gram.rows(); ++j) cross.row(i) -= gram(j, i) * cross.row(j);
    cross.row(i) /= gram(i, i);
  }
  return cross;
}

}  // namespace mesa
