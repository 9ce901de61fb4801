#include "reference/least_squares.h"

#include <algorithm>
#include <utility>

#include "data/regression.h"

namespace mesa {
namespace {

class RecursiveLeastSquares {
 public:
  RecursiveLeastSquares(Eigen::Index inputs, Eigen::Index outputs, double ridge)
      : phi_(RowMatrix::Zero(outputs, inputs)), inverse_(RowMatrix::Identity(inputs, inputs) / ridge) {}

  void add(const Eigen::VectorXd& input, const Eigen::VectorXd& label) {
    const Eigen::VectorXd solved = inverse_ * input;
    const Eigen::VectorXd gain = solved / (1 + input.dot(solved));
    phi_ += (label - phi_ * input) * gain.transpose();
    inverse_ -= solved * gain.transpose();
  }

  [[nodiscard]] Eigen::VectorXd predict(const Eigen::VectorXd& input) const { return phi_ * input; }

 private:
  RowMatrix phi_;      ///< [outputs, inputs]
  RowMatrix inverse_;  ///< [inputs, inputs] (X X^T + ridge I)^{-1} of the pairs so far
};

}  // namespace

Predictor least_squares(double ridge, ContextPairs pairs) {
  return least_squares_on(state_window(1), ridge, pairs);
}

Predictor least_squares_on(Regressor regressor, double ridge, ContextPairs pairs) {
  const Eigen::Index lag = pair_lag(pairs);
  return [=, regressor = std::move(regressor)](const RowMatrix& states) -> RowMatrix {
    RowMatrix predictions(states.rows() - 1, states.cols());
    std::vector<Eigen::VectorXd> inputs;
    for (Eigen::Index t = 0; t < predictions.rows(); ++t) inputs.push_back(regressor(states, t));
    RecursiveLeastSquares regression(inputs.front().size(), states.cols(), ridge);
    for (Eigen::Index t = 0; t < predictions.rows(); ++t) {
      if (t >= lag) regression.add(inputs[std::size_t(t - lag)], states.row(t - lag + 1));
      predictions.row(t) = regression.predict(inputs[std::size_t(t)]);
    }
    return predictions;
  };
}

Regressor state_window(int k) {
  return [=](const RowMatrix& states, Eigen::Index t) {
    const Eigen::Index d = states.cols();
    Eigen::VectorXd window = Eigen::VectorXd::Zero(k * d);
    for (Eigen::Index back = 0; back < std::min<Eigen::Index>(k, t + 1); ++back) {
      window.segment(back * d, d) = states.row(t - back);
    }
    return window;
  };
}

Predictor few_shot_least_squares(const TaskConfig& task, double ridge) {
  return [ridge, layout = regression_layout(task)](const RowMatrix& states) -> RowMatrix {
    const Eigen::Index d = states.cols();
    RowMatrix predictions = RowMatrix::Zero(states.rows() - 1, d);
    RecursiveLeastSquares regression(d, d, ridge);
    for (Eigen::Index t = 0; t < predictions.rows(); ++t) {
      const RegressionPosition& position = layout[std::size_t(t)];
      if (position.role != RegressionRole::input) continue;
      if (position.pair == 0) regression = RecursiveLeastSquares(d, d, ridge);
      predictions.row(t) = regression.predict(states.row(t));
      regression.add(states.row(t), states.row(t + 1));
    }
    return predictions;
  };
}

}  // namespace mesa
