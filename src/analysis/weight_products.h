#pragma once

#include "analysis/record.h"
#include "analysis/subject.h"
#include "model/parameters.h"
#include "reference/predictor.h"

namespace mesa {

/// What a linear attention head does depends on its weights only through two products. Paper, section
/// "Reverse- engineering the trained Transformers".
struct WeightProducts {
  RowMatrix query_key;     ///< W_q W_k^T [D, D]: row = channel of the query token, column = of the key token
  RowMatrix value_output;  ///< W_v W_o [D, D]: row = channel of the context token, column = of the output
};

/// layer in [0, L), head in [0, H).
WeightProducts weight_products(const ModelConfig& model, std::span<const float> parameters, int layer,
                               int head);

/// The numbers of a view, in double.
RowMatrix to_matrix(const MatrixView<const float>& view);

/// Share of the entries whose size exceeds `fraction` of the largest entry's.
double share_above(const RowMatrix& product, double fraction);

/// The mean of the diagonal of each block [d, d] of a product [D, D]: [D/d, D/d], the summary that
/// CompressedAlg-L keeps. d must divide D.
RowMatrix block_diagonal_means(const RowMatrix& product, int block_size);

/// heads: of every layer and head both products, the shares of entries above 1% and 10% of the largest, and,
/// where the width is a multiple of d, the means of the blocks' diagonals.
Record analyze_weights(const Subject& subject, const Effort& effort);

}  // namespace mesa
