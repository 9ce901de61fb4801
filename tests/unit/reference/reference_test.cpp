#include <Eigen/Cholesky>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "reference/gradient_descent.h"
#include "reference/least_squares.h"
#include "reference/line_search.h"
#include "reference/sequences.h"

namespace mesa {
namespace {

using test::distance;
using test::kBothConventions;
using test::sequences;
using test::usable_pairs;

/// Ridge regression by one direct solve at each position.
RowMatrix solve_directly(const RowMatrix& states, double ridge, ContextPairs pairs) {
  const Eigen::Index d = states.cols();
  RowMatrix predictions = RowMatrix::Zero(states.rows() - 1, d);
  for (Eigen::Index t = 0; t < predictions.rows(); ++t) {
    const Eigen::Index count = usable_pairs(t, pairs);
    const RowMatrix inputs = states.topRows(count);
    const RowMatrix labels = states.middleRows(1, count);
    const RowMatrix gram = inputs.transpose() * inputs + ridge * RowMatrix::Identity(d, d);
    const RowMatrix phi = gram.ldlt().solve(inputs.transpose() * labels).transpose();
    predictions.row(t) = states.row(t) * phi.transpose();
  }
  return predictions;
}

/// Gradient descent on Phi itself, pair by pair.
RowMatrix descend_directly(const RowMatrix& states, double eta, double initial_weight, int steps,
                           ContextPairs pairs) {
  const Eigen::Index d = states.cols();
  RowMatrix predictions(states.rows() - 1, d);
  for (Eigen::Index t = 0; t < predictions.rows(); ++t) {
    RowMatrix phi = initial_weight * RowMatrix::Identity(d, d);
    for (int step = 0; step < steps; ++step) {
      RowMatrix gradient = RowMatrix::Zero(d, d);
      for (Eigen::Index pair = 0; pair < usable_pairs(t, pairs); ++pair) {
        gradient +=
            (phi * states.row(pair).transpose() - states.row(pair + 1).transpose()) * states.row(pair);
      }
      phi -= eta * gradient;
    }
    predictions.row(t) = states.row(t) * phi.transpose();
  }
  return predictions;
}

}  // namespace

TEST_CASE("gradient descent follows the gradient of its loss", "[reference]") {
  // Oracle: central differences of L_t at Phi_0, for one prediction.
  constexpr double kEta = 0.05;
  constexpr double kInitialWeight = 0.3;
  constexpr Eigen::Index kPosition = 7;
  const RowMatrix states = sequences(1)[0];
  const auto loss = [&](const RowMatrix& phi) {
    double sum = 0;
    for (Eigen::Index t = 0; t < kPosition; ++t) {
      sum += (states.row(t + 1).transpose() - phi * states.row(t).transpose()).squaredNorm() / 2;
    }
    return sum;
  };
  RowMatrix phi = kInitialWeight * RowMatrix::Identity(10, 10);
  RowMatrix gradient(10, 10);
  for (Eigen::Index i = 0; i < 100; ++i) {
    RowMatrix above = phi;
    RowMatrix below = phi;
    above.data()[i] += 1e-4;
    below.data()[i] -= 1e-4;
    gradient.data()[i] = (loss(above) - loss(below)) / 2e-4;
  }
  phi -= kEta * gradient;
  const RowMatrix predictions = gradient_descent(kEta, kInitialWeight)(states);
  CHECK((predictions.row(kPosition) - states.row(kPosition) * phi.transpose()).cwiseAbs().maxCoeff() < 1e-8);
}

TEST_CASE("k steps of gradient descent equal k updates of Phi", "[reference]") {
  for (const int length : {1, 2, 30}) {
    const RowMatrix states = sequences(1, 0.01, length, 7)[0];
    for (const ContextPairs pairs : kBothConventions) {
      for (const int steps : {1, 2, 5}) {
        for (const double initial_weight : {0.0, 0.3}) {
          const RowMatrix fast = gradient_descent(0.02, initial_weight, steps, pairs)(states);
          CHECK(distance(fast, descend_directly(states, 0.02, initial_weight, steps, pairs)) < 1e-10);
        }
      }
    }
  }
}

TEST_CASE("many steps of gradient descent reach least squares", "[reference]") {
  const RowMatrix states = sequences(1, 0.01, 50, 2)[0];
  const RowMatrix descended = gradient_descent(0.02, 0.3, 20000)(states);
  const RowMatrix exact = solve_directly(states, 1e-12, ContextPairs::all);
  CHECK(distance(descended.bottomRows(40), exact.bottomRows(40)) < 1e-6);
}

TEST_CASE("the loss of a step on the first pair follows from the moments of U(-1, 1)^d", "[reference]") {
  // Without noise that prediction is eta s_2 (s_1 . s_2), s_2 = W s_1, and for Haar-random W E (s . W s)^2 is
  // |s|^4 / d: E |s_3 - eta s_2 (s_1 . s_2)|^2 = E |s|^2 - 2 eta E |s|^4 / d + eta^2 E |s|^6 / d.
  constexpr double kD = 10;
  constexpr double kEta = 0.2;
  constexpr double kSecond = kD / 3;
  constexpr double kFourth = kD / 5 + kD * (kD - 1) / 9;
  constexpr double kSixth = kD / 7 + 3 * kD * (kD - 1) / 15 + kD * (kD - 1) * (kD - 2) / 27;
  constexpr double kExpected = (kSecond - 2 * kEta * kFourth / kD + kEta * kEta * kSixth / kD) / 2;
  const LossCurve curve = in_context_loss(sequences(20000, 0, 2), gradient_descent(kEta));
  CHECK(curve.by_position[1] ==
        Approx(kExpected).margin(0.015));  // 4 standard errors; without the step 1.667
}

TEST_CASE("recursive least squares equals a direct solve at every position", "[reference]") {
  for (const RowMatrix& states : sequences(5)) {
    for (const double ridge : {1e-3, 1.0}) {
      for (const ContextPairs pairs : kBothConventions) {
        CHECK(distance(least_squares(ridge, pairs)(states), solve_directly(states, ridge, pairs)) < 1e-8);
      }
    }
  }
}

TEST_CASE("predicting zero costs d/6 + d sigma^2 (T + 1) / 4", "[reference]") {
  const LossCurve zero = in_context_loss(sequences(8000, 0.3), predict_zero());
  const double expected = 10.0 / 6 + 10 * 0.09 * 51 / 4;
  CHECK(std::abs(zero.mean - expected) < 4 * zero.standard_error);
  CHECK(zero.standard_error < 0.01 * expected);
}

TEST_CASE("exact least squares costs (d/6)(1 - t/d) after t pairs, then nothing", "[reference]") {
  const LossCurve exact = in_context_loss(sequences(8000, 0, 20), least_squares(1e-9, ContextPairs::all));
  for (int t = 0; t < 20; ++t) {
    const double expected = t < 10 ? 10.0 / 6 * (1 - t / 10.0) : 0;
    INFO("pairs " << t);
    CHECK(exact.by_position[std::size_t(t)] == Approx(expected).margin(0.04));  // 4 standard errors
  }
  CHECK(exact.by_position[15] < 1e-6);
}

TEST_CASE("late least squares reaches the noise floor d sigma^2 / 2", "[reference]") {
  const LossCurve curve = in_context_loss(sequences(500, 0.01, 400), least_squares(1e-3, ContextPairs::all));
  CHECK(curve.by_position.back() == Approx(10 * 1e-4 / 2).epsilon(0.1));
}

TEST_CASE("the line search finds the minimum of a curve", "[reference]") {
  const auto f = [](double x) { return (x - 0.0322) * (x - 0.0322); };
  CHECK(minimise_over_scale(f, 1e-4, 1, 1e-4) == Approx(0.0322).epsilon(1e-4));
  CHECK(minimise_over_scale([](double x) { return x; }, 1e-3, 1, 1e-4) == Approx(1e-3).epsilon(1e-4));
  CHECK(minimise_over_scale([](double x) { return -x; }, 1e-3, 1, 1e-4) == Approx(1).epsilon(1e-4));
}

TEST_CASE("the line search avoids points where the loss overflows", "[reference]") {
  for (const double overflow :
       {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    const auto f = [&](double x) { return x > 0.05 ? overflow : (x - 0.0322) * (x - 0.0322); };
    CHECK(minimise_over_scale(f, 1e-4, 1e6, 1e-4) == Approx(0.0322).epsilon(1e-4));
  }
}

}  // namespace mesa
