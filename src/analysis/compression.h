#pragma once

#include <span>
#include <vector>

#include "analysis/record.h"
#include "analysis/subject.h"
#include "evaluate/in_context_loss.h"
#include "model/compiled_model.h"

namespace mesa {

/// A model as returned by product_model().
struct ProductModel {
  CompiledModel model;
  std::vector<float> parameters;  ///< of the fused weights, the products
};

/// The trained model as its products, with the same predictions. All its layers have to be linear.
ProductModel trained_products(const ModelConfig& model, std::span<const float> parameters);

/// CompressedAlg-L (paper, section "Reverse-engineering the trained Transformers"; RevAlg-L in version 1):
/// every block [d, d] of the products becomes the mean of its diagonal times the identity, which leaves
/// (D/d)^2 numbers of each [D, D]. d is the model's output size and must divide D.
ProductModel compressed_products(const ModelConfig& model, std::span<const float> parameters);

/// The numbers that the compressed model consists of: 2 H L (D/d)^2.
int compressed_size(const ModelConfig& model);

/// The model whose products are share * trained + (1 - share) * compressed.
ProductModel interpolate(const ProductModel& trained, const ProductModel& compressed, double share);

/// The losses of the compressed model, the trained one, and mixtures of them.
struct CompressionLosses {
  int trained_size;             ///< numbers that the trained model consists of
  int compressed_size;          ///< those of the compressed one
  std::vector<double> shares;   ///< weights of the trained products; the rest is that of the compressed ones
  std::vector<LossCurve> loss;  ///< for each share, on held-out sequences
};

/// The losses for each share, of a model that passes check_compression().
CompressionLosses compression_losses(const Subject& subject, std::span<const double> shares,
                                     const Effort& effort);

/// Returns numbers: trained and compressed; share_of_trained in quarters; loss and standard_error for each.
Record analyze_compression(const Subject& subject, const Effort& effort);
/// Throws Error unless all layers are linear and the tokens are made of blocks.
void check_compression(const Subject& subject);

}  // namespace mesa
