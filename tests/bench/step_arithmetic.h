#pragma once

#include "experiment/config.h"

namespace mesa {

// Operations of one training step, a multiply-add being two; without drawing the batch, softmax, clipping and
// the optimiser. For models without an MLP.

/// By the usual count, which is the same for every library: three times those of the forward pass, of the
/// attention scores the causal half only. A mesa layer counts as the recursion of its inverse, five products
/// of a [K, K] matrix with a vector.
double standard_operations(const Config& config);

/// Those the engine cannot do without: what it leaves out is not counted, nor what it computes in vain
/// because a register tile is wider than what is left of a matrix.
double executed_operations(const Config& config);

}  // namespace mesa
