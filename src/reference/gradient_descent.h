#pragma once

#include "reference/context_pairs.h"

namespace mesa {

/// Predicts s_{t+1} = Phi_k s_t after k = `steps` >= 1 full-batch gradient descent steps with rate eta from
/// Phi_0 = initial_weight I on
///   L_t(Phi) = 1/2 sum_{t' < t} |s_{t'+1} - Phi s_t'|^2,
/// whose pairs go up to (s_{t-1}, s_t). One step is the paper's Proposition 1.
Predictor gradient_descent(double eta, double initial_weight = 0, int steps = 1,
                           ContextPairs pairs = ContextPairs::all);

}  // namespace mesa
