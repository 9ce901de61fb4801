#pragma once

#include "reference/context_pairs.h"

namespace mesa {

/// The ridge of the paper's public code, for algorithms that tune another parameter.
constexpr double kUsualRidge = 1e-3;

/// Returns an approximation of A^{-1} s, with A [d, d] and s [d].
using Preconditioner = std::function<Eigen::VectorXd(const RowMatrix& a, const Eigen::VectorXd& s)>;

/// Paper, Proposition 2: x_t approximates A^{-1} s_t, with A = S_{t-1} S_{t-1}^T + ridge I, and one step of
/// gradient descent from Phi = 0 with rate 1 predicts sum s_{t'+1} (s_t' . x_t). An exact preconditioner
/// makes it least_squares(ridge, pairs). ridge > 0.
///
/// The factories below do k = `steps` >= 0 steps from x = s_t (Newton: from X = I / tr A).
Predictor preconditioned_step(Preconditioner precondition, double ridge, ContextPairs pairs);

/// Neumann series: A' = A / norm with the same norm at every position; x <- s + (I - A') x, result x / norm.
/// These are k + 1 steps of gradient descent on the ridge loss with rate 1 / norm. It converges if no
/// eigenvalue of A exceeds 2 norm.
Predictor neumann(double norm, int steps, ContextPairs pairs, double ridge = kUsualRidge);

/// Richardson iteration: A' = A / |A|_F; x <- x + step (s - A' x), result x / |A|_F. Converges for step < 2.
Predictor richardson(double step, int steps, ContextPairs pairs, double ridge = kUsualRidge);

/// Newton iteration on the inverse (Schulz 1933): X_0 = I / tr A, X <- X (2I - A X), result X s.
Predictor newton(double ridge, int steps, ContextPairs pairs);

}  // namespace mesa
