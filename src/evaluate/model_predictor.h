#pragma once

#include "data/tokens.h"
#include "model/compiled_model.h"
#include "reference/predictor.h"

namespace mesa {

/// A Transformer as a predictor: states are made into tokens and sent through all layers. parameters: a flat
/// buffer of the model's own weights, laid out as ParameterTable(model) says.
Predictor model_predictor(const ModelConfig& model, const TokenConfig& tokens,
                          std::span<const float> parameters);

/// The same of a compiled model; parameters: of the weights that its passes read.
Predictor model_predictor(const CompiledModel& model, const TokenConfig& tokens,
                          std::vector<float> fused_parameters);

}  // namespace mesa
