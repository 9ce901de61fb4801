#include "analysis/compression.h"

#include <cassert>

#include "model/parameters.h"
#include "model/product_form.h"

namespace mesa {
namespace {

/// What is left of `product` [D, D] when each of its blocks [d, d] becomes a multiple of the identity.
void compress(MatrixView<float> product, int block_size) {
  for (int row = 0; row < product.rows; row += block_size) {
    for (int column = 0; column < product.columns; column += block_size) {
      const MatrixView<float> block = product.row_range(row, block_size).column_range(column, block_size);
      float trace = 0;
      for (int i = 0; i < block_size; ++i) trace += block(i, i);
      const float mean = trace / float(block_size);
      for (int i = 0; i < block_size; ++i) {
        for (int j = 0; j < block_size; ++j) block(i, j) = i == j ? mean : 0;
      }
    }
  }
}

}  // namespace

ProductModel trained_products(const ModelConfig& model, std::span<const float> parameters) {
  assert(has_product_form(model));
  ProductModel products{product_form(model), {}};
  products.parameters.resize(ParameterTable(products.config).size);
  multiply_out(model, parameters.data(), products.parameters.data());
  return products;
}

ProductModel compressed_products(const ModelConfig& model, std::span<const float> parameters) {
  assert(model.width % model.output_size == 0);
  ProductModel products = trained_products(model, parameters);
  const auto weights = ParameterTable(products.config).weights(products.parameters.data());
  for (const LayerWeights<float>& layer : weights.layers) {
    for (int head = 0; head < model.heads; ++head) {
      compress(layer.attention.query.column_range(head * model.width, model.width), model.output_size);
      compress(layer.attention.output.row_range(head * model.width, model.width), model.output_size);
    }
  }
  return products;
}

int compressed_size(const ModelConfig& model) {
  const int blocks = model.width / model.output_size;
  return 2 * model.heads * model.layers * blocks * blocks;
}

ProductModel interpolate(const ProductModel& trained, const ProductModel& compressed, double share) {
  assert(trained.parameters.size() == compressed.parameters.size());
  ProductModel between = compressed;
  for (std::size_t i = 0; i < between.parameters.size(); ++i) {
    between.parameters[i] =
        float(share * trained.parameters[i] + (1 - share) * double(compressed.parameters[i]));
  }
  return between;
}

}  // namespace mesa
