#include "model/product_form.h"

#include <algorithm>

#include "core/matrix_product.h"

namespace mesa {
namespace {

/// Whatever is the same in both forms.
template <class Scalar>
void copy_shared(const ModelWeights<const Scalar>& from, const ModelWeights<Scalar>& to) {
  const auto copy = [](MatrixView<const Scalar> source, MatrixView<Scalar> target) {
    std::copy(source.data, source.data + std::ptrdiff_t(source.rows) * source.columns, target.data);
  };
  copy(from.embedding, to.embedding);
  copy(from.head, to.head);
  for (std::size_t layer = 0; layer < from.layers.size(); ++layer) {
    copy(from.layers[layer].attention_norm, to.layers[layer].attention_norm);
    copy(from.layers[layer].mlp_norm, to.layers[layer].mlp_norm);
    copy(from.layers[layer].mlp.input, to.layers[layer].mlp.input);
    copy(from.layers[layer].mlp.output, to.layers[layer].mlp.output);
  }
}

/// One head's part of the weights of a layer.
template <class Scalar>
struct HeadWeights {
  HeadWeights(const AttentionWeights<Scalar>& weights, int head, int key_size)
      : query(weights.query.column_range(head * key_size, key_size)),
        output(weights.output.row_range(head * key_size, key_size)) {
    if (!weights.key.data) return;
    key = weights.key.column_range(head * key_size, key_size);
    value = weights.value.column_range(head * key_size, key_size);
  }

  MatrixView<Scalar> query;   ///< [D, K]
  MatrixView<Scalar> key;     ///< [D, K], empty in the product form
  MatrixView<Scalar> value;   ///< [D, K], likewise
  MatrixView<Scalar> output;  ///< [K, D]
};

}  // namespace

bool has_product_form(const ModelConfig& config) {
  for (int layer = 0; layer < config.layers; ++layer) {
    if (config.attention_of(layer) != AttentionKind::linear) return false;
  }
  return !config.normalise_query_key && !config.positional_encoding;
}

bool product_form_saves_work(const ModelConfig& config) {
  return has_product_form(config) && config.project_keys_values && config.key_size >= config.width;
}

ModelConfig product_form(const ModelConfig& config) {
  ModelConfig form = config;
  form.key_size = config.width;
  form.project_keys_values = false;
  return form;
}

template <class Scalar>
void multiply_out(const ModelConfig& config, const Scalar* parameters, Scalar* product_parameters) {
  const auto weights = ParameterTable(config).weights(parameters);
  const auto products = ParameterTable(product_form(config)).weights(product_parameters);
  copy_shared(weights, products);
  for (std::size_t layer = 0; layer < weights.layers.size(); ++layer) {
    for (int h = 0; h < config.heads; ++h) {
      const HeadWeights<const Scalar> head(weights.layers[layer].attention, h, config.key_size);
      const HeadWeights<Scalar> product(products.layers[layer].attention, h, config.width);
      multiply(head.query, head.key.transposed(), product.query);
      multiply(head.value, head.output, product.output);
    }
  }
}

template <class Scalar>
void multiply_out_backward(const ModelConfig& config, const Scalar* parameters,
                           const Scalar* product_gradient, Scalar* gradient) {
  const ParameterTable table(config);
  const auto weights = table.weights(parameters);
  const auto weight_gradients = table.weights(gradient);
  const auto product_gradients = ParameterTable(product_form(config)).weights(product_gradient);
  copy_shared(product_gradients, weight_gradients);
  for (std::size_t layer = 0; layer < weights.layers.size(); ++layer) {
    for (int h = 0; h < config.heads; ++h) {
      const HeadWeights<const Scalar> head(weights.layers[layer].attention, h, config.key_size);
      const HeadWeights<Scalar> d_head(weight_gradients.layers[layer].attention, h, config.key_size);
      const HeadWeights<const Scalar> d_product(product_gradients.layers[layer].attention, h, config.width);
      multiply(d_product.query, head.key, d_head.query);
      multiply(d_product.query.transposed(), head.query, d_head.key);
      multiply(d_product.output, head.output.transposed(), d_head.value);
      multiply(head.value.transposed(), d_product.output, d_head.output);
    }
  }
}

#define MESA_INSTANTIATE(Scalar)                                          \
  template void multiply_out(const ModelConfig&, const Scalar*, Scalar*); \
  template void multiply_out_backward(const ModelConfig&, const Scalar*, const Scalar*, Scalar*);
MESA_INSTANTIATE(float)
MESA_INSTANTIATE(double)
#undef MESA_INSTANTIATE

}  // namespace mesa
