#include "reference/gradient_descent.h"

#include <cassert>

namespace mesa {

Predictor gradient_descent(double eta, double initial_weight, int steps, ContextPairs pairs) {
  assert(steps >= 1);
  const Eigen::Index lag = pair_lag(pairs);
  return [=](const RowMatrix& states) -> RowMatrix {
    const Eigen::Index d = states.cols();
    RowMatrix predictions(states.rows() - 1, d);
    RowMatrix descent = RowMatrix::Zero(d, d);  // -grad L_t(Phi_0), updated by one pair at each position
    RowMatrix gram = RowMatrix::Zero(d, d);     // S S^T of the same pairs; one step does not need it
    for (Eigen::Index t = 0; t < predictions.rows(); ++t) {
      const auto current = states.row(t);
      if (t >= lag) {
        const auto input = states.row(t - lag);
        descent += (states.row(t - lag + 1) - initial_weight * input).transpose() * input;
        if (steps > 1) gram.noalias() += input.transpose() * input;
      }
      // Every step multiplies the gradient by I - eta gram, so Phi_k - Phi_0 is eta descent times a series:
      // the sum of (I - eta gram)^j over j < k.
      Eigen::RowVectorXd series = current;
      for (int step = 1; step < steps; ++step) series += current - eta * series * gram;
      predictions.row(t) = initial_weight * current + eta * series * descent.transpose();
    }
    return predictions;
  };
}

}  // namespace mesa
