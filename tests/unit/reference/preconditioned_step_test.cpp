#include "reference/preconditioned_step.h"

#include <Eigen/Eigenvalues>
#include <catch2/catch.hpp>
#include <cmath>

#include "reference/gradient_descent.h"
#include "reference/least_squares.h"
#include "reference/sequences.h"

namespace mesa {
namespace {

using test::distance;
using test::kBothConventions;
using test::sequences;
using test::usable_pairs;

constexpr double kRidge = 0.02;

/// Proposition 2 with a function of A's eigenvalues, Frobenius norm and trace in place of an iteration.
using Spectral = std::function<double(double eigenvalue, double norm, double trace)>;

RowMatrix predict_by_spectrum(const RowMatrix& states, const Spectral& inverse, ContextPairs pairs) {
  const Eigen::Index d = states.cols();
  RowMatrix predictions = RowMatrix::Zero(states.rows() - 1, d);
  for (Eigen::Index t = 0; t < predictions.rows(); ++t) {
    const RowMatrix inputs = states.topRows(usable_pairs(t, pairs));
    const RowMatrix a = inputs.transpose() * inputs + kRidge * RowMatrix::Identity(d, d);
    const Eigen::SelfAdjointEigenSolver<RowMatrix> solver(a);
    const Eigen::VectorXd spectrum =
        solver.eigenvalues().unaryExpr([&](double value) { return inverse(value, a.norm(), a.trace()); });
    const Eigen::VectorXd x = solver.eigenvectors() * spectrum.asDiagonal() *
                              solver.eigenvectors().transpose() * states.row(t).transpose();
    for (Eigen::Index pair = 0; pair < inputs.rows(); ++pair) {
      predictions.row(t) += states.row(pair + 1) * states.row(pair).dot(x);
    }
  }
  return predictions;
}

}  // namespace

TEST_CASE("k steps of each iteration change the spectrum of A as theory says", "[reference]") {
  // x -> s + (I - C) x multiplies the initial error by (I - C)^k; Newton squares it at each step.
  constexpr double kNorm = 30;
  constexpr double kStep = 1.7;
  for (const int steps : {0, 1, 2, 5}) {
    const Spectral neumann_series = [&](double value, double, double) {
      return (1 - std::pow(1 - value / kNorm, steps + 1)) / value;
    };
    const Spectral richardson_iteration = [&](double value, double norm, double) {
      return (1 - std::pow(1 - kStep * value / norm, steps) * (1 - value / norm)) / value;
    };
    const Spectral newton_iteration = [&](double value, double, double trace) {
      return (1 - std::pow(1 - value / trace, std::exp2(steps))) / value;
    };
    for (const int length : {1, 2, 30}) {
      const RowMatrix states = sequences(1, 0.01, length, 7)[0];
      for (const ContextPairs pairs : kBothConventions) {
        INFO("steps " << steps << ", length " << length);
        CHECK(distance(neumann(kNorm, steps, pairs, kRidge)(states),
                       predict_by_spectrum(states, neumann_series, pairs)) < 1e-10);
        CHECK(distance(richardson(kStep, steps, pairs, kRidge)(states),
                       predict_by_spectrum(states, richardson_iteration, pairs)) < 1e-10);
        CHECK(distance(newton(kRidge, steps, pairs)(states),
                       predict_by_spectrum(states, newton_iteration, pairs)) < 1e-10);
      }
    }
  }
}

TEST_CASE("many steps of each iteration reach ridge regression", "[reference]") {
  const RowMatrix states = sequences(1)[0];
  for (const ContextPairs pairs : kBothConventions) {
    const RowMatrix exact = least_squares(1, pairs)(states);
    CHECK(distance(neumann(100, 3000, pairs, 1)(states), exact) < 1e-8);
    CHECK(distance(richardson(1.9, 2000, pairs, 1)(states), exact) < 1e-8);
    CHECK(distance(newton(1, 20, pairs)(states), exact) < 1e-8);
    CHECK(distance(newton(1e-3, 30, pairs)(states), least_squares(1e-3, pairs)(states)) < 1e-8);
  }
}

TEST_CASE("a Neumann series of k terms is gradient descent of k + 1 steps", "[reference]") {
  const RowMatrix states = sequences(1)[0];
  for (const int steps : {0, 1, 6}) {
    const RowMatrix series = neumann(50, steps, ContextPairs::all, 1e-12)(states);
    CHECK(distance(series, gradient_descent(1.0 / 50, 0, steps + 1)(states)) < 1e-10);
  }
}

}  // namespace mesa
