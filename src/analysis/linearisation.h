#pragma once

#include <vector>

#include "analysis/record.h"
#include "analysis/subject.h"
#include "model/config.h"

namespace mesa {

/// The model with linear attention in one of its softmax layers. Its parameters are laid out as the model's.
ModelConfig with_linear_layer(const ModelConfig& model, int layer);

/// Held-out sequences on which imitations are measured: the first ones.
inline constexpr int kErrorSequences = 256;

/// A softmax layer of a trained model, imitated by a layer of linear attention of the same sizes, which reads
/// what the trained layer reads and is trained to give what that one adds to the residual stream.
struct LinearisedLayer {
  int layer;                      ///< from 0
  double start_error;             ///< before training, and
  double error;                   ///< after: squared error over squares, on kErrorSequences sequences
  std::vector<float> parameters;  ///< of with_linear_layer(model, layer)
};

/// Distils every softmax layer of the subject's model. Each imitation starts with the softmax layer's own
/// weights, which to first order give the same up to what does not depend on the query, times the factor that
/// fits best. Then it is trained by Adam for effort.updates updates on fresh sequences. The result does not
/// depend on effort.threads.
std::vector<LinearisedLayer> linearise_layers(const Subject& subject, const Effort& effort);

/// Paper, section on linearising trained softmax layers. updates; loss and standard_error of the trained
/// model; layers: for each softmax layer the loss of the whole model with the linear one in its place, its
/// ratio to the trained one's, that of the model without the layer at all, and how well it imitates. Throws
/// Error when there is no softmax layer.
Record analyze_linearisation(const Subject& subject, const Effort& effort);
void check_linearisation(const Subject& subject);

}  // namespace mesa
