#pragma once

#include "model/compiled_model.h"

namespace mesa {

/// From the configured model's weights to those that its passes read.
template <class Scalar>
void fuse_weights(const CompiledModel& model, const ModelWeights<const Scalar>& own,
                  const ModelWeights<Scalar>& fused);

/// From the gradient of the fused weights to that of the model's own, which is overwritten.
template <class Scalar>
void fuse_weights_backward(const CompiledModel& model, const ModelWeights<const Scalar>& own,
                           const ModelWeights<const Scalar>& fused_gradient,
                           const ModelWeights<Scalar>& own_gradient);

}  // namespace mesa
