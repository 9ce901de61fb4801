#pragma once

#include "model/compiled_model.h"
#include "model/workspace.h"

namespace mesa {

/// Runs the tile whose tokens stand in the workspace through all layers. weights: model.fused's.
template <class Scalar>
void forward(const CompiledModel& model, const ModelWeights<const Scalar>& weights,
             Workspace<Scalar>& workspace);

/// The backward pass of forward(). On entry workspace.prediction_gradient() holds the loss's gradient, after
/// clear_gradients(); on return residual_gradient() holds that of the first residual stream, if the model is
/// a complete one. Adds to weight_gradient.
template <class Scalar>
void backward(const CompiledModel& model, const ModelWeights<const Scalar>& weights,
              Workspace<Scalar>& workspace, const ModelWeights<Scalar>& weight_gradient);

}  // namespace mesa
