#include "reference/preconditioned_step.h"

#include <utility>

namespace mesa {

Predictor preconditioned_step(Preconditioner precondition, double ridge, ContextPairs pairs) {
  return [=, precondition = std::move(precondition)](const RowMatrix& states) -> RowMatrix {
    const Eigen::Index d = states.cols();
    RowMatrix predictions(states.rows() - 1, d);
    PairSums sums(d, pairs);
    RowMatrix a(d, d);
    for (Eigen::Index t = 0; t < predictions.rows(); ++t) {
      sums.advance(states, t);
      a = sums.gram();
      a.diagonal().array() += ridge;
      predictions.row(t) = sums.cross() * precondition(a, states.row(t).transpose());
    }
    return predictions;
  };
}

Predictor neumann(double norm, int steps, ContextPairs pairs, double ridge) {
  const auto series = [=](const RowMatrix& a, const Eigen::VectorXd& s) -> Eigen::VectorXd {
    Eigen::VectorXd x = s;
    for (int step = 0; step < steps; ++step) x += s - a * x / norm;
    return x / norm;
  };
  return preconditioned_step(series, ridge, pairs);
}

Predictor richardson(double step, int steps, ContextPairs pairs, double ridge) {
  const auto iteration = [=](const RowMatrix& a, const Eigen::VectorXd& s) -> Eigen::VectorXd {
    const double norm = a.norm();
    Eigen::VectorXd x = s;
    for (int i = 0; i < steps; ++i) x += step * (s - a * x / norm);
    return x / norm;
  };
  return preconditioned_step(iteration, ridge, pairs);
}

Predictor newton(double ridge, int steps, ContextPairs pairs) {
  const auto iteration = [=](const RowMatrix& a, const Eigen::VectorXd& s) -> Eigen::VectorXd {
    RowMatrix x = RowMatrix::Identity(a.rows(), a.cols()) / a.trace();
    for (int step = 0; step < steps; ++step) x = (2 * x - x.lazyProduct(a).eval().lazyProduct(x)).eval();
    return x * s;
  };
  return preconditioned_step(iteration, ridge, pairs);
}

}  // namespace mesa
