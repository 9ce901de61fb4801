#pragma once

#include "analysis/record.h"
#include "analysis/subject.h"
#include "model/parameters.h"
#include "reference/predictor.h"

namespace mesa {

/// The two products through which alone its weights determine what a linear attention head computes (paper,
/// section "Reverse-engineering the trained Transformers").
struct WeightProducts {
  RowMatrix query_key;     ///< W_q W_k^T [D, D]: row = channel of the query token, column = of the key token
  RowMatrix value_output;  ///< W_v W_o [D, D]: row = channel of the context token, column = of the output
};

/// layer in [0, L), head in [0, H).
WeightProducts weight_products(const ModelConfig& model, std::span<const float> parameters, int layer,
                               int head);

/// A copy of a view, in double.
RowMatrix to_matrix(const MatrixView<const float>& view);

/// The share of entries whose absolute value exceeds `fraction` times the largest.
double share_above(const RowMatrix& product, double fraction);

/// The mean of the diagonal of each block [d, d] of a product [D, D], as [D/d, D/d]: what CompressedAlg-L
/// keeps. d must divide D.
RowMatrix block_diagonal_means(const RowMatrix& product, int block_size);

/// Returns heads: for every layer and head both products, the shares of entries above 1% and 10% of the
/// largest and, if the width is a multiple of d, the means of the blocks' diagonals.
Record analyze_weights(const Subject& subject, const Effort& effort);

}  // namespace mesa
