#pragma once

#include <vector>

#include "data/tokens.h"
#include "model/config.h"
#include "model/parameters.h"

namespace mesa {

/// What is run for a configured model, made once. A head depends on W_q and W_k, and on W_v and W_o, only
/// through their products, if nothing comes between them: fused, its queries are W_k W_q^T x and its keys the
/// input x itself; its values are x, or W_o^T W_v^T x, which need no projection back. Where channels of the
/// tokens are copies of each other, the first layer need read only one of them, the rows that its projections
/// have for the copies being added up. A fused model has the same predictions; fused_weights.h leads from
/// weights to weights and back.
struct CompiledModel {
  ModelConfig config;
  ParameterTable own;         ///< of the configured model's weights
  ParameterTable fused;       ///< of the weights that the passes read; its layers are those that are run
  std::vector<int> row_read;  ///< for each channel of a token, the row of the first fused projections that
                              ///< reads it; negative where it is always zero
  bool is_complete;  ///< whether the passes compute the whole residual stream and the gradient of the tokens,
                     ///< or only what predictions and weight gradients need

  /// Whether the backward pass needs the gradient of what a layer reads.
  [[nodiscard]] bool needs_input_gradient(int layer) const {
    return layer > 0 || config.embedded_size > 0 || is_complete;
  }
};

/// The model as it is configured: everything that the paper speaks of is computed.
CompiledModel complete_model(const ModelConfig& config);

/// The form of the model whose passes are the least work: each product only where it has no more columns than
/// its factors.
CompiledModel fused_model(const ModelConfig& config, const TokenConfig& tokens);

/// Whether all heads depend only on q . k, with nothing between projections and scores.
bool has_product_model(const ModelConfig& config);

/// The form of such a model in which every head is its two products [D, D], keys and values being the input.
CompiledModel product_model(const ModelConfig& config);

}  // namespace mesa
