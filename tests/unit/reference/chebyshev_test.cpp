#include "reference/chebyshev.h"

#include <Eigen/QR>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>

#include "gradient_check.h"
#include "reference/chebyshev_tuning.h"
#include "reference/least_squares.h"
#include "reference/sequences.h"

namespace mesa {
namespace {

using test::distance;
using test::kBothConventions;
using test::sequences;
using test::usable_pairs;

/// Irregular coefficients.
ChebyshevCoefficients some_coefficients(int steps) {
  ChebyshevCoefficients coefficients{Eigen::VectorXd(steps), Eigen::VectorXd(steps)};
  for (int j = 0; j < steps; ++j) {
    coefficients.alpha[j] = 2 + std::sin(3 * j + 1);
    coefficients.beta[j] = std::cos(5 * j);
  }
  return coefficients;
}

Eigen::VectorXd theta_of(const ChebyshevCoefficients& coefficients) {
  Eigen::VectorXd theta(2 * coefficients.alpha.size());
  theta << coefficients.alpha, coefficients.beta;
  return theta;
}

double mean_loss(const std::vector<RowMatrix>& states, const ChebyshevCoefficients& coefficients,
                 ContextPairs pairs) {
  return in_context_loss(states, chebyshev(coefficients, pairs)).mean;
}

RowMatrix gram_at(const RowMatrix& states, Eigen::Index t, ContextPairs pairs) {
  const RowMatrix inputs = states.topRows(usable_pairs(t, pairs));
  return inputs.transpose() * inputs + kUsualRidge * RowMatrix::Identity(states.cols(), states.cols());
}

/// The recursion as the specification prints it, on matrices: an approximate inverse of A.
RowMatrix approximate_inverse(const RowMatrix& a, const ChebyshevCoefficients& coefficients) {
  const RowMatrix identity = RowMatrix::Identity(a.rows(), a.cols());
  const RowMatrix scaled = a / a.norm();
  RowMatrix term = identity;
  RowMatrix x = identity;
  RowMatrix x_previous = identity;
  for (Eigen::Index j = 0; j < coefficients.alpha.size(); ++j) {
    term = term - coefficients.alpha[j] * scaled * term;
    const RowMatrix x_new = x + term + coefficients.beta[j] * (x - x_previous);
    x_previous = x;
    x = x_new;
  }
  return x / a.norm();
}

/// The least loss of all polynomials of A' of degree k, by linear least squares.
double loss_of_best_polynomial(const std::vector<RowMatrix>& sequences, Eigen::Index k, ContextPairs pairs) {
  const Eigen::Index d = sequences[0].cols();
  const Eigen::Index positions = sequences[0].rows() - 1;
  Eigen::MatrixXd features(Eigen::Index(sequences.size()) * positions * d, k + 1);
  Eigen::VectorXd labels(features.rows());
  Eigen::Index row = 0;
  for (const RowMatrix& states : sequences) {
    for (Eigen::Index t = 0; t < positions; ++t, row += d) {
      const RowMatrix a = gram_at(states, t, pairs);
      Eigen::VectorXd power = states.row(t).transpose();
      for (Eigen::Index degree = 0; degree <= k; ++degree) {
        Eigen::VectorXd prediction = Eigen::VectorXd::Zero(d);
        for (Eigen::Index pair = 0; pair < usable_pairs(t, pairs); ++pair) {
          prediction += states.row(pair + 1).transpose() * states.row(pair).dot(power) / a.norm();
        }
        features.block(row, degree, d, 1) = prediction;
        power = a * power / a.norm();
      }
      labels.segment(row, d) = states.row(t + 1).transpose();
    }
  }
  const Eigen::VectorXd best = features.colPivHouseholderQr().solve(labels);
  return (labels - features * best).squaredNorm() / 2 / (double(sequences.size()) * double(positions));
}

}  // namespace

TEST_CASE("Chebyshev steps equal the specification's", "[reference]") {
  for (const int length : {1, 2, 30}) {
    const RowMatrix states = sequences(1, 0.01, length, 7)[0];
    for (const ContextPairs pairs : kBothConventions) {
      for (const int steps : {0, 1, 2, 6}) {
        const ChebyshevCoefficients coefficients = some_coefficients(steps);
        RowMatrix expected = RowMatrix::Zero(length, 7);
        for (Eigen::Index t = 0; t < length; ++t) {
          const Eigen::VectorXd x =
              approximate_inverse(gram_at(states, t, pairs), coefficients) * states.row(t).transpose();
          for (Eigen::Index pair = 0; pair < usable_pairs(t, pairs); ++pair) {
            expected.row(t) += states.row(pair + 1) * states.row(pair).dot(x);
          }
        }
        CHECK(distance(chebyshev(coefficients, pairs)(states), expected) < 1e-9);
      }
    }
  }
}

TEST_CASE("Chebyshev with alpha = 1 and beta = 0 is Richardson iteration with step 1", "[reference]") {
  const RowMatrix states = sequences(1)[0];
  for (const int steps : {1, 6}) {
    const ChebyshevCoefficients plain{Eigen::VectorXd::Ones(steps), Eigen::VectorXd::Zero(steps)};
    CHECK(distance(chebyshev(plain, ContextPairs::all)(states),
                   richardson(1, steps, ContextPairs::all)(states)) < 1e-10);
  }
}

TEST_CASE("many Chebyshev steps reach ridge regression", "[reference]") {
  constexpr int kSteps = 4000;
  const RowMatrix states = sequences(1)[0];
  const ChebyshevCoefficients plain{Eigen::VectorXd::Ones(kSteps), Eigen::VectorXd::Zero(kSteps)};
  CHECK(distance(chebyshev(plain, ContextPairs::lagged, 1)(states),
                 least_squares(1, ContextPairs::lagged)(states)) < 1e-8);
}

TEST_CASE("the loss that Chebyshev coefficients are tuned on is that of their predictions", "[reference]") {
  const std::vector<RowMatrix> states = sequences(20);
  for (const ContextPairs pairs : kBothConventions) {
    const ChebyshevLoss loss(7, pairs, states);
    for (const int steps : {1, 2, 7}) {
      const ChebyshevCoefficients coefficients = some_coefficients(steps);
      const double expected = mean_loss(states, coefficients, pairs);
      CHECK(loss.value(theta_of(coefficients)) == Approx(expected).epsilon(1e-9));
      CHECK(loss.expand(theta_of(coefficients)).value == Approx(expected).epsilon(1e-9));
    }
  }
}

TEST_CASE("the gradient by Chebyshev coefficients equals central differences", "[reference]") {
  const ChebyshevLoss loss(6, ContextPairs::all, sequences(5));
  for (const int steps : {1, 2, 3, 6}) {
    const Eigen::VectorXd start = theta_of(some_coefficients(steps));
    const Eigen::VectorXd gradient = loss.expand(start).gradient;
    std::vector<double> theta(start.begin(), start.end());
    const auto value = [&] {
      return loss.value(Eigen::Map<const Eigen::VectorXd>(theta.data(), start.size()));
    };
    CHECK(test::gradient_error(theta, {gradient.begin(), gradient.end()}, value) < 1e-6);
  }
}

TEST_CASE("tuned Chebyshev steps beat untuned ones, and from three on every other polynomial",
          "[reference]") {
  const std::vector<RowMatrix> tuning = sequences(64);
  for (const int steps : {1, 2, 3, 4, 6}) {
    const ChebyshevCoefficients plain{Eigen::VectorXd::Ones(steps), Eigen::VectorXd::Zero(steps)};
    const double tuned =
        mean_loss(tuning, tune_chebyshev(steps, ContextPairs::all, tuning), ContextPairs::all);
    const double bound = loss_of_best_polynomial(tuning, steps, ContextPairs::all);
    INFO("steps " << steps << ", tuned " << tuned << ", bound " << bound);
    CHECK(tuned < mean_loss(tuning, plain, ContextPairs::all) - 0.02);
    CHECK(tuned > bound - 1e-9);
    // One step cannot scale its result; two come close.
    CHECK(tuned < bound + (steps == 1 ? 0.3 : steps == 2 ? 0.01 : 1e-6));
  }
}

TEST_CASE("more tuned Chebyshev steps have a lower loss, six lagged ones below 0.25", "[reference]") {
  // With 2048 held-out sequences the standard errors are at most 0.004, those of the differences far less.
  const std::vector<RowMatrix> tuning = draw_sequences({}, 21, RandomPurpose::tuning, 512);
  const std::vector<RowMatrix> held_out = draw_sequences({}, 21, RandomPurpose::held_out, 2048);
  for (const ContextPairs pairs : kBothConventions) {
    double previous_tuned = 2;
    double previous_held_out = 2;
    for (int steps = 1; steps <= 6; ++steps) {
      INFO("steps " << steps);
      const ChebyshevCoefficients best = tune_chebyshev(steps, pairs, tuning);
      const double tuned = mean_loss(tuning, best, pairs);
      const LossCurve curve = in_context_loss(held_out, chebyshev(best, pairs));
      CHECK(tuned < previous_tuned);
      CHECK(curve.mean < previous_held_out);
      if (steps == 6) CHECK(curve.mean + 4 * curve.standard_error < 0.25);
      previous_tuned = tuned;
      previous_held_out = curve.mean;
    }
  }
}

TEST_CASE("more tuned Chebyshev steps never have a higher loss, whatever the sequences", "[reference]") {
  // On few and short sequences, descent from alpha = 1 alone ends in minima that are not the lowest.
  for (const auto& [count, length, d] : {std::array{1, 50, 10}, {3, 6, 4}, {64, 50, 2}, {4, 2, 3}}) {
    const std::vector<RowMatrix> tuning = sequences(count, 0, length, d);
    double previous = 1e9;
    for (int steps = 1; steps <= 12; ++steps) {
      INFO("count " << count << ", length " << length << ", d " << d << ", steps " << steps);
      const double tuned =
          mean_loss(tuning, tune_chebyshev(steps, ContextPairs::all, tuning), ContextPairs::all);
      CHECK(tuned < previous * (1 + 1e-8));
      previous = tuned;
    }
  }
}

TEST_CASE("without pairs there is nothing to tune: Chebyshev coefficients stay as they are", "[reference]") {
  const ChebyshevCoefficients tuned = tune_chebyshev(3, ContextPairs::all, sequences(4, 0.01, 1));
  CHECK(tuned.alpha == Eigen::VectorXd::Ones(3));
  CHECK(tuned.beta == Eigen::VectorXd::Zero(3));
}

}  // namespace mesa
