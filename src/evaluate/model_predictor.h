#pragma once

#include "data/tokens.h"
#include "model/compiled_model.h"
#include "reference/predictor.h"

namespace mesa {

/// A Transformer as a predictor: it turns states into tokens and passes them through all layers. `parameters`
/// are the model's own weights in the layout of ParameterTable(model).
Predictor model_predictor(const ModelConfig& model, const TokenConfig& tokens,
                          std::span<const float> parameters);

/// The same for a compiled model and the weights that its passes read.
Predictor model_predictor(const CompiledModel& model, const TokenConfig& tokens,
                          std::vector<float> fused_parameters);

}  // namespace mesa
