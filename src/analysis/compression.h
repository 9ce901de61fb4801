#pragma once

#include <span>
#include <vector>

#include "model/config.h"

namespace mesa {

/// A model in its product form (model/product_form.h).
struct ProductModel {
  ModelConfig config;
  std::vector<float> parameters;
};

/// The trained model, which is linear throughout, in its product form: the same predictions.
ProductModel trained_products(const ModelConfig& model, std::span<const float> parameters);

/// CompressedAlg-L (paper, section "Reverse-engineering the trained Transformers"; RevAlg-L in version 1):
/// every block [d, d] of the products becomes the mean of its diagonal times the identity, so that (D/d)^2
/// numbers are left of each [D, D]. d is the model's output size and must divide D.
ProductModel compressed_products(const ModelConfig& model, std::span<const float> parameters);

/// Numbers that the compressed model consists of: 2 H L (D/d)^2.
int compressed_size(const ModelConfig& model);

/// The model whose products are share * trained + (1 - share) * compressed.
ProductModel interpolate(const ProductModel& trained, const ProductModel& compressed, double share);

}  // namespace mesa
