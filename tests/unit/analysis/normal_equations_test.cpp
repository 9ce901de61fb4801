#include "analysis/normal_equations.h"

#include <Eigen/QR>
#include <catch2/catch.hpp>

#include "random_numbers.h"

namespace mesa {
namespace {

RowMatrix random_matrix(Eigen::Index rows, Eigen::Index columns, std::uint32_t salt) {
  const std::vector<double> numbers = test::normal_numbers<double>(std::size_t(rows * columns), salt);
  return Eigen::Map<const RowMatrix>(numbers.data(), rows, columns);
}

}  // namespace

TEST_CASE("normal equations have the solution of a QR decomposition", "[analysis]") {
  for (const Eigen::Index inputs : {1, 2, 7, 41}) {
    const RowMatrix x = random_matrix(100, inputs, 1);
    const RowMatrix y = random_matrix(100, 3, 2);
    const RowMatrix expected = x.householderQr().solve(y);
    const RowMatrix solved = solve_normal_equations(x.transpose() * x, x.transpose() * y);
    CHECK((solved - expected).cwiseAbs().maxCoeff() < 1e-8);
  }
}

TEST_CASE("inputs may be zero, equal, dependent and of any size", "[analysis]") {
  RowMatrix x = random_matrix(100, 8, 3);
  const RowMatrix y = x * random_matrix(8, 2, 4);
  x.col(1) *= 1e-3;
  x.col(2) *= 1e3;
  RowMatrix more(100, 12);
  more << x, RowMatrix::Zero(100, 2), x.col(0), x.col(3) - 2 * x.col(4);
  const RowMatrix solved = solve_normal_equations(more.transpose() * more, more.transpose() * y);
  CHECK((more * solved - y).norm() < 1e-6 * y.norm());
}

}  // namespace mesa
