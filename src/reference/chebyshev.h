#pragma once

#include "reference/preconditioned_step.h"

namespace mesa {

/// The coefficients of k Chebyshev steps. beta_1 multiplies zero.
struct ChebyshevCoefficients {
  Eigen::VectorXd alpha;  ///< [k]
  Eigen::VectorXd beta;   ///< [k]
};

/// Proposition 2 with k Chebyshev steps of free coefficients, as in the paper's public code: A' = A / |A|_F,
/// x = term = s; each step sets term <- term - alpha_j A' term, x <- x + term + beta_j (x - x_previous); the
/// result is x / |A|_F. alpha = 1 and beta = 0 give Richardson iteration with step 1.
Predictor chebyshev(ChebyshevCoefficients coefficients, ContextPairs pairs, double ridge = kUsualRidge);

}  // namespace mesa
