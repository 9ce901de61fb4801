#pragma once

#include "experiment/config.h"

namespace mesa {

// Operations of one training step, a multiply-add being two, without drawing the batch, softmax, clipping and
// the optimiser. For models without an MLP.

/// By the usual count, which is the same for every library: three times the forward pass, with only the
/// causal half of attention scores. A mesa layer counts as the recursion of its inverse, five products of a
/// [K, K] matrix with a vector.
double standard_operations(const Config& config);

/// The operations that the engine needs: without those that it saves, or wastes on register tiles wider than
/// the rest of a matrix.
double executed_operations(const Config& config);

}  // namespace mesa
