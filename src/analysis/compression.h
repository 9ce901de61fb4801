#pragma once

#include <span>
#include <vector>

#include "analysis/record.h"
#include "analysis/subject.h"
#include "evaluate/in_context_loss.h"
#include "model/compiled_model.h"

namespace mesa {

/// A model as product_model() has it.
struct ProductModel {
  CompiledModel model;
  std::vector<float> parameters;  ///< of the fused weights, the products
};

/// The trained model, which is linear throughout, as its products: the same predictions.
ProductModel trained_products(const ModelConfig& model, std::span<const float> parameters);

/// CompressedAlg-L (paper, section "Reverse-engineering the trained Transformers"; RevAlg-L in version 1):
/// every block [d, d] of the products becomes the mean of its diagonal times the identity, so that (D/d)^2
/// numbers are left of each [D, D]. d is the model's output size and must divide D.
ProductModel compressed_products(const ModelConfig& model, std::span<const float> parameters);

/// Numbers that the compressed model consists of: 2 H L (D/d)^2.
int compressed_size(const ModelConfig& model);

/// The model whose products are share * trained + (1 - share) * compressed.
ProductModel interpolate(const ProductModel& trained, const ProductModel& compressed, double share);

/// How well the compressed model does, and those between it and the trained one.
struct CompressionLosses {
  int trained_size;             ///< numbers that the trained model consists of
  int compressed_size;          ///< those of the compressed one
  std::vector<double> shares;   ///< of the trained products; the rest is of the compressed ones
  std::vector<LossCurve> loss;  ///< with each share, on held-out sequences
};

/// Throws Error when the model is not linear throughout or its tokens are not made of blocks.
CompressionLosses compression_losses(const Subject& subject, std::span<const double> shares,
                                     const Effort& effort);

/// numbers: trained and compressed; share_of_trained in quarters, and loss and standard_error with each of
/// them.
Record analyze_compression(const Subject& subject, const Effort& effort);
void check_compression(const Subject& subject);

}  // namespace mesa
