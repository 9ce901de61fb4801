#pragma once

#include <span>

#include "reference/chebyshev.h"

namespace mesa {

/// The mean next-token loss of chebyshev() on some sequences as a function of its coefficients,
/// theta = (alpha_1 .. alpha_k, beta_1 .. beta_k). The preconditioned input is p(A') s / |A|_F with a
/// polynomial p of degree k and the prediction is linear in p, so the loss is a quadratic function of the
/// values of p at k + 1 points. One pass over the sequences finds that function; after it a loss costs
/// O(k^2), whatever the number of sequences.
class ChebyshevLoss {
 public:
  /// Supports up to `most_steps` >= 1 steps.
  ChebyshevLoss(int most_steps, ContextPairs pairs, std::span<const RowMatrix> sequences,
                double ridge = kUsualRidge);

  /// A quadratic model of the loss around given coefficients.
  struct Expansion {
    double value;
    Eigen::VectorXd gradient;   ///< [2k]
    Eigen::MatrixXd curvature;  ///< [2k, 2k] the Gauss-Newton part of the Hessian
  };

  [[nodiscard]] double value(const Eigen::VectorXd& theta) const;
  [[nodiscard]] Expansion expand(const Eigen::VectorXd& theta) const;

 private:
  [[nodiscard]] double value_of_polynomial(const Eigen::VectorXd& p) const;

  double of_zero_;             ///< loss of p = 0, which predicts zero
  Eigen::VectorXd points_;     ///< [most_steps + 1] where p is sampled, in (0, 1) like the eigenvalues of A'
  Eigen::VectorXd linear_;     ///< [most_steps + 1] loss = of_zero - linear . p + p . quadratic p / 2
  Eigen::MatrixXd quadratic_;  ///< [most_steps + 1, most_steps + 1]
};

/// Returns the coefficients with the least loss on the sequences, found by the method of Levenberg (1944) and
/// Marquardt (1963). It starts from alpha = 1, beta = 0 and from the best for one step fewer, so that more
/// steps never have a higher loss on these sequences. steps >= 1.
ChebyshevCoefficients tune_chebyshev(int steps, ContextPairs pairs, std::span<const RowMatrix> sequences,
                                     double ridge = kUsualRidge);

}  // namespace mesa
