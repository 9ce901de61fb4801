#pragma once

#include "data/task.h"
#include "reference/context_pairs.h"
#include "reference/line_search.h"

namespace mesa {

/// Where the ridge is searched for: roughly, since the loss is flat around the best one.
inline constexpr SearchRange kRidgeRange = {1e-6, 1e2, 0.3};

/// Ridge regression: Phi_t minimises 1/2 sum |s_{t'+1} - Phi s_t'|^2 + ridge/2 |Phi|_F^2, prediction Phi_t
/// s_t. Solved recursively (Sherman and Morrison 1950), O(d^2) a position. ridge > 0.
Predictor least_squares(double ridge, ContextPairs pairs);

/// What the next state is regressed on: some function of the states up to position t, always of one size.
using Regressor = std::function<Eigen::VectorXd(const RowMatrix& states, Eigen::Index t)>;

/// The same on x_t' = regressor(states, t') in place of s_t'.
Predictor least_squares_on(Regressor regressor, double ridge, ContextPairs pairs);

/// (s_t, s_{t-1}, ..., s_{t-k+1}), zeros before the start: what a partially observed system needs with k d >=
/// n.
Regressor state_window(int k);

/// Ridge regression on the true pairs (x_i, y_i) of a few-shot sequence, from nothing for each task in a row;
/// in the other rows it predicts zero.
Predictor few_shot_least_squares(const TaskConfig& task, double ridge);

}  // namespace mesa
