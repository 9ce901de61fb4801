#include "reference/chebyshev_tuning.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cassert>
#include <numbers>

#include "core/elementary.h"

namespace mesa {
namespace {

/// T_0(2A' - I) s .. T_k(2A' - I) s as columns, T_i being Chebyshev polynomials. Every p(A') s is a linear
/// combination of them.
Eigen::MatrixXd chebyshev_basis(const RowMatrix& a, double norm, const Eigen::VectorXd& s, Eigen::Index k) {
  Eigen::MatrixXd basis(s.size(), k + 1);
  basis.col(0) = s;
  basis.col(1) = 2 * (a * s) / norm - s;
  for (Eigen::Index i = 2; i <= k; ++i) {
    basis.col(i) = 4 * (a * basis.col(i - 1)) / norm - 2 * basis.col(i - 1) - basis.col(i - 2);
  }
  return basis;
}

/// p(z), the recursion of chebyshev() from s = 1 with the number z in place of A'.
double polynomial(double z, const Eigen::VectorXd& theta) {
  const Eigen::Index k = theta.size() / 2;
  double x = 1;
  double term = 1;
  double change = 0;
  for (Eigen::Index j = 0; j < k; ++j) {
    term *= 1 - theta[j] * z;
    change = term + theta[k + j] * change;
    x += change;
  }
  return x;
}

/// d p(z) / d theta [2k], by a backward pass through the steps.
Eigen::VectorXd polynomial_gradient(double z, const Eigen::VectorXd& theta) {
  const Eigen::Index k = theta.size() / 2;
  Eigen::VectorXd term(k + 1);
  Eigen::VectorXd change(k + 1);
  term[0] = 1;
  change[0] = 0;
  for (Eigen::Index j = 0; j < k; ++j) {
    term[j + 1] = term[j] * (1 - theta[j] * z);
    change[j + 1] = term[j + 1] + theta[k + j] * change[j];
  }
  Eigen::VectorXd gradient(2 * k);
  double d_term = 0;  // d p / d term[j + 1], d p / d change[j + 1]
  double d_change = 0;
  for (Eigen::Index j = k - 1; j >= 0; --j) {
    d_change += 1;
    d_term += d_change;
    gradient[j] = d_term * term[j] * -z;
    gradient[k + j] = d_change * change[j];
    d_term *= 1 - theta[j] * z;
    d_change *= theta[k + j];
  }
  return gradient;
}

Eigen::VectorXd first_guess(Eigen::Index k) {
  Eigen::VectorXd theta(2 * k);
  theta << Eigen::VectorXd::Ones(k), Eigen::VectorXd::Zero(k);
  return theta;
}

/// The same polynomial with one more step: a first step with alpha = 0 adds s to x, and the next beta cancels
/// its effect on the result.
Eigen::VectorXd with_a_step_more(const Eigen::VectorXd& theta) {
  const Eigen::Index k = theta.size() / 2;
  double echo = 1;  // 1 + beta_2 + beta_2 beta_3 + ..: the total effect of an early change of x
  for (Eigen::Index j = k - 1; j >= 1; --j) echo = 1 + theta[k + j] * echo;
  Eigen::VectorXd longer(2 * k + 2);
  longer << 0, theta.head(k), 0, -1 / echo, theta.tail(k - 1);
  return longer;
}

/// Levenberg-Marquardt descent to a minimum near theta.
Eigen::VectorXd minimise(const ChebyshevLoss& loss, Eigen::VectorXd theta) {
  constexpr int kMostIterations = 1000;  // ten to sixty are usual
  constexpr double kSmallestDecrease = 1e-13;
  constexpr double kSmallestDamping = 1e-12;
  ChebyshevLoss::Expansion here = loss.expand(theta);
  double damping = 1e-3;
  for (int iteration = 0; iteration < kMostIterations; ++iteration) {
    Eigen::MatrixXd damped = here.curvature;
    damped.diagonal().array() += damping;
    const Eigen::VectorXd move = -damped.ldlt().solve(here.gradient);
    const double expected = -move.dot(here.gradient + here.curvature * move / 2);
    if (!(expected > kSmallestDecrease * here.value)) break;
    const double decrease = here.value - loss.value(theta + move);
    if (decrease > 0) {
      theta += move;
      here = loss.expand(theta);
    }
    // The worse the quadratic model predicted the decrease, the shorter the next move.
    if (decrease > expected * 3 / 4) {
      damping = std::max(damping / 3, kSmallestDamping);
    } else if (!(decrease > expected / 4)) {
      damping *= 3;
    }
  }
  return theta;
}

}  // namespace

ChebyshevLoss::ChebyshevLoss(int most_steps, ContextPairs pairs, std::span<const RowMatrix> sequences,
                             double ridge) {
  assert(most_steps >= 1 && !sequences.empty());
  const Eigen::Index k = most_steps;
  // p is first written in Chebyshev polynomials, which is well conditioned (10^4 at k = 10).
  double labels_squared = 0;
  Eigen::VectorXd linear = Eigen::VectorXd::Zero(k + 1);
  Eigen::MatrixXd quadratic = Eigen::MatrixXd::Zero(k + 1, k + 1);
  double positions = 0;
  for (const RowMatrix& states : sequences) {
    PairSums sums(states.cols(), pairs);
    for (Eigen::Index t = 0; t + 1 < states.rows(); ++t) {
      sums.advance(states, t);
      RowMatrix a = sums.gram();
      a.diagonal().array() += ridge;
      const double norm = a.norm();
      const Eigen::MatrixXd basis = chebyshev_basis(a, norm, states.row(t).transpose(), k);
      const Eigen::MatrixXd features =
          sums.cross().lazyProduct(basis) / norm;  // predictions are linear combinations of these columns
      const Eigen::VectorXd label = states.row(t + 1).transpose();
      labels_squared += label.squaredNorm();
      linear += features.transpose() * label;
      quadratic += features.transpose().lazyProduct(features);
    }
    positions += double(states.rows() - 1);
  }

  const Eigen::ArrayXd angles =
      (Eigen::ArrayXd::LinSpaced(k + 1, 0, double(k)) + 0.5) * (std::numbers::pi / double(k + 1));
  const auto cosine = [](double angle) { return sine_cosine(angle).cosine; };
  points_ = (1 + angles.unaryExpr(cosine)) / 2;
  Eigen::MatrixXd basis_values(k + 1, k + 1);  // T_i(2z - 1) at every point z
  for (Eigen::Index i = 0; i <= k; ++i) basis_values.col(i) = (double(i) * angles).unaryExpr(cosine);
  // The inverse is explicit, since the polynomials are orthogonal over these points.
  Eigen::MatrixXd to_basis = 2 * basis_values.transpose() / double(k + 1);
  to_basis.row(0) /= 2;
  of_zero_ = labels_squared / (2 * positions);
  linear_ = to_basis.transpose() * linear / positions;
  quadratic_ = to_basis.transpose().lazyProduct(quadratic).eval().lazyProduct(to_basis) / positions;
}

double ChebyshevLoss::value_of_polynomial(const Eigen::VectorXd& p) const {
  return of_zero_ - linear_.dot(p) + p.dot(quadratic_ * p) / 2;
}

double ChebyshevLoss::value(const Eigen::VectorXd& theta) const {
  return value_of_polynomial(points_.unaryExpr([&](double z) { return polynomial(z, theta); }));
}

ChebyshevLoss::Expansion ChebyshevLoss::expand(const Eigen::VectorXd& theta) const {
  Eigen::VectorXd p(points_.size());
  Eigen::MatrixXd jacobian(points_.size(), theta.size());
  for (Eigen::Index i = 0; i < points_.size(); ++i) {
    p[i] = polynomial(points_[i], theta);
    jacobian.row(i) = polynomial_gradient(points_[i], theta).transpose();
  }
  return {value_of_polynomial(p), jacobian.transpose() * (quadratic_ * p - linear_),
          jacobian.transpose().lazyProduct(quadratic_).eval().lazyProduct(jacobian)};
}

ChebyshevCoefficients tune_chebyshev(int steps, ContextPairs pairs, std::span<const RowMatrix> sequences,
                                     double ridge) {
  constexpr double kClearlyLower = 1e-9;
  const ChebyshevLoss loss(steps, pairs, sequences, ridge);
  Eigen::VectorXd best = minimise(loss, first_guess(1));
  for (Eigen::Index k = 2; k <= steps; ++k) {
    const Eigen::VectorXd fresh = minimise(loss, first_guess(k));
    const Eigen::VectorXd grown = minimise(loss, with_a_step_more(best));
    // Different coefficients can give the same polynomial; rounding alone must not choose between them.
    best = loss.value(grown) < loss.value(fresh) * (1 - kClearlyLower) ? grown : fresh;
  }
  return {best.head(steps), best.tail(steps)};
}

}  // namespace mesa
