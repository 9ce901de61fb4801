#pragma once

#include "reference/context_pairs.h"
#include "reference/line_search.h"

namespace mesa {

/// The range in which its beta is searched for.
inline constexpr SearchRange kBetaRange = {1e-3, 1e3, 1e-3};

/// Softmax kernel regression, the induction-head algorithm: p_t = sum_{t' < t} w_t' s_{t'+1} with w =
/// softmax(beta s_t . s_t') over the usable pairs; p_t = 0 where there are none.
Predictor kernel_regression(double beta, ContextPairs pairs = ContextPairs::all);

}  // namespace mesa
