#pragma once

#include "data/tokens.h"
#include "model/parameters.h"
#include "reference/predictor.h"

namespace mesa {

/// A Transformer as a predictor: states are made into tokens and sent through all layers. `parameters` is a
/// flat buffer laid out as ParameterTable(model) says, of which the predictor keeps a copy.
Predictor model_predictor(const ModelConfig& model, const TokenConfig& tokens,
                          std::span<const float> parameters);

}  // namespace mesa
