#pragma once

#include "data/task.h"
#include "reference/context_pairs.h"
#include "reference/line_search.h"

namespace mesa {

/// The range in which the ridge is searched for, coarsely, since the loss is flat around the best one.
inline constexpr SearchRange kRidgeRange = {1e-6, 1e2, 0.3};

/// Ridge regression: Phi_t minimises 1/2 sum |s_{t'+1} - Phi s_t'|^2 + ridge/2 |Phi|_F^2, and the prediction
/// is Phi_t s_t. It is solved recursively (Sherman and Morrison 1950) in O(d^2) per position. ridge > 0.
Predictor least_squares(double ridge, ContextPairs pairs);

/// A function of the states up to position t, always of one size, on which the next state is regressed.
using Regressor = std::function<Eigen::VectorXd(const RowMatrix& states, Eigen::Index t)>;

/// least_squares() on x_t' = regressor(states, t') in place of s_t'.
Predictor least_squares_on(Regressor regressor, double ridge, ContextPairs pairs);

/// (s_t, s_{t-1}, .., s_{t-k+1}), with zeros before the start; a partially observed system needs k d >= n.
Regressor state_window(int k);

/// Ridge regression on the pairs (x_i, y_i) of a few-shot sequence, restarted for each task. It predicts zero
/// in the other rows.
Predictor few_shot_least_squares(const TaskConfig& task, double ridge);

}  // namespace mesa
