#pragma once

#include <algorithm>
#include <vector>

#include "nn/attention_kind.h"

namespace mesa {

/// Sizes and kinds of a Transformer without biases. Legend in core/sizes.h.
struct ModelConfig {
  int positions = 50;    ///< T
  int width = 40;        ///< D
  int output_size = 10;  ///< d
  int embedded_size =
      0;  ///< channels of a raw token, for a learned embedding to D channels and a learned head from D
          ///< to d; 0 = tokens are residual streams already, and the first d channels the prediction
  int layers = 1;                                                  ///< L
  std::vector<AttentionKind> attention = {AttentionKind::linear};  ///< of each layer; the last kind goes on
  int heads = 2;                                                   ///< H
  int key_size = 20;                                               ///< K
  bool normalise_query_key = false;  ///< queries and keys are divided by their length
  bool learn_forgetting = false;     ///< mesa layers learn a forget factor gamma
  bool positional_encoding = false;  ///< D sinusoidal channels, seen by the first layer's W_q and W_k only
  bool layer_norm = false;           ///< before attention and before the MLP
  int mlp_size = 0;                  ///< hidden channels M of an MLP after each attention; 0 = none
  double residual_limit = 0;    ///< the residual stream is clipped to +- this after each layer; 0 = never
  double initial_scale = 0.02;  ///< standard deviation of the initial weights

  [[nodiscard]] AttentionKind attention_of(int layer) const {
    return attention[std::min(std::size_t(layer), attention.size() - 1)];
  }
};

}  // namespace mesa
