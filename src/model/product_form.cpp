#include "model/product_form.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "core/matrix_product.h"

namespace mesa {
namespace {

template <class Scalar>
void copy(const MatrixView<const Scalar>& from, const MatrixView<Scalar>& to) {
  for (int i = 0; i < to.rows; ++i) {
    for (int j = 0; j < to.columns; ++j) to(i, j) = from(i, j);
  }
}

/// Whatever is the same in both forms.
template <class Scalar>
void copy_shared(const ModelWeights<const Scalar>& from, const ModelWeights<Scalar>& to) {
  copy(from.embedding, to.embedding);
  copy(from.head, to.head);
  for (std::size_t layer = 0; layer < from.layers.size(); ++layer) {
    const LayerWeights<const Scalar>& source = from.layers[layer];
    const LayerWeights<Scalar>& target = to.layers[layer];
    copy(source.attention_norm, target.attention_norm);
    copy(source.attention.query_position, target.attention.query_position);
    copy(source.attention.key_position, target.attention.key_position);
    copy(source.attention.log_inverse_ridge, target.attention.log_inverse_ridge);
    copy(source.attention.forget_logit, target.attention.forget_logit);
    copy(source.mlp_norm, target.mlp_norm);
    copy(source.mlp.input, target.mlp.input);
    copy(source.mlp.output, target.mlp.output);
  }
}

/// The weights of one layer's heads, with a row for each channel that its form reads, or their gradient.
template <class Scalar>
class Factors {
 public:
  Factors(const ProductForm& form, int layer, int columns)
      : row_read_(form.row_read),
        is_first_(layer == 0),
        rows_(form.config.shape_of(layer).input_size),
        columns_(columns),
        numbers_(std::size_t(3) * rows_ * columns) {}

  MatrixView<Scalar> query() { return factor(0); }
  MatrixView<Scalar> key() { return factor(1); }
  MatrixView<Scalar> value() { return factor(2); }

  /// Adds up the rows of what reads all channels.
  void fold(const AttentionWeights<const Scalar>& weights) {
    int index = 0;
    for (const auto& weight : {weights.query, weights.key, weights.value}) {
      const MatrixView<Scalar> folded = factor(index++);
      for (int channel = 0; channel < weight.rows; ++channel) {
        const int row = row_of(channel);
        if (row < 0) continue;
        for (int j = 0; j < columns_; ++j) folded(row, j) += weight(channel, j);
      }
    }
  }

  /// The other way.
  void unfold(const AttentionWeights<Scalar>& gradients) {
    int index = 0;
    for (const auto& gradient : {gradients.query, gradients.key, gradients.value}) {
      const MatrixView<Scalar> folded = factor(index++);
      for (int channel = 0; channel < gradient.rows; ++channel) {
        const int row = row_of(channel);
        for (int j = 0; j < columns_; ++j) gradient(channel, j) = row < 0 ? 0 : folded(row, j);
      }
    }
  }

 private:
  MatrixView<Scalar> factor(int index) {
    return {numbers_.data() + std::ptrdiff_t(index) * rows_ * columns_, rows_, columns_};
  }
  [[nodiscard]] int row_of(int channel) const {
    return is_first_ ? row_read_[std::size_t(channel)] : channel;
  }

  const std::vector<int>& row_read_;
  bool is_first_;
  int rows_;
  int columns_;
  std::vector<Scalar> numbers_;
};

/// What W_q W_k^T is multiplied with: softmax divides logits by the root of the key size, which the form may
/// have another one of.
template <class Scalar>
Scalar logit_scale(const ModelConfig& config, int layer, const AttentionShape& shape) {
  if (config.attention_of(layer) != AttentionKind::softmax) return 1;
  return std::sqrt(Scalar(shape.key_size) / Scalar(config.key_size));
}

template <class Scalar>
void scale(const MatrixView<Scalar>& matrix, Scalar factor) {
  for (int i = 0; i < matrix.rows; ++i) {
    for (int j = 0; j < matrix.columns; ++j) matrix(i, j) *= factor;
  }
}

std::vector<int> all_rows(int count) {
  std::vector<int> rows(std::size_t{unsigned(count)});
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

}  // namespace

bool has_product_form(const ModelConfig& config) {
  for (int layer = 0; layer < config.layers; ++layer) {
    if (config.attention_of(layer) != AttentionKind::linear) return false;
  }
  return !config.normalise_query_key && !config.positional_encoding;
}

ProductForm product_form(const ModelConfig& config) {
  assert(has_product_form(config));
  ProductForm form{config, all_rows(config.width)};
  const AttentionShape products{config.width, config.width, config.width, false, false, true};
  form.config.shapes.assign(std::size_t(config.layers), products);
  return form;
}

ProductForm cheapest_form(const ModelConfig& config, const TokenConfig& tokens) {
  assert(config.shapes.empty());
  ProductForm form{config, all_rows(config.width)};
  int first_channel = 0;  // that the first layer reads
  if (config.embedded_size == 0 && !config.layer_norm) {
    const std::vector<int> same = same_channels(tokens, config.output_size);
    while (same[std::size_t(first_channel)] != first_channel) ++first_channel;
    for (int& row : form.row_read) row = same[std::size_t(row)] - first_channel;
  }
  for (int layer = 0; layer < config.layers; ++layer) {
    AttentionShape shape = config.shape_of(layer);
    if (layer == 0) shape.input_size -= first_channel;
    const bool has_position = config.positional_encoding && layer == 0;
    if (config.attention_of(layer) != AttentionKind::mesa && !has_position && !config.normalise_query_key &&
        shape.input_size <= config.key_size) {
      shape.key_size = shape.input_size;
      shape.has_key = false;
    }
    const int output_size = config.channels_read(layer);
    shape.value_size = std::min({shape.input_size, output_size, config.key_size});
    shape.has_value = shape.value_size != shape.input_size;
    shape.has_output = !shape.has_value || shape.value_size != output_size;
    form.config.shapes.push_back(shape);
  }
  return form;
}

template <class Scalar>
void multiply_out(const ModelConfig& config, const ProductForm& form, const Scalar* parameters,
                  Scalar* product_parameters) {
  const auto weights = ParameterTable(config).weights(parameters);
  const auto products = ParameterTable(form.config).weights(product_parameters);
  copy_shared(weights, products);
  for (int layer = 0; layer < config.layers; ++layer) {
    const AttentionShape from = config.shape_of(layer);
    const AttentionShape to = form.config.shape_of(layer);
    const auto& source = weights.layers[std::size_t(layer)].attention;
    const auto& target = products.layers[std::size_t(layer)].attention;
    Factors<Scalar> folded(form, layer, source.query.columns);
    folded.fold(source);
    for (int h = 0; h < config.heads; ++h) {
      const auto factor = [&](const MatrixView<Scalar>& matrix) {
        return read_only(matrix.column_range(h * from.key_size, from.key_size));
      };
      const auto query = target.query.column_range(h * to.key_size, to.key_size);
      if (to.has_key) {
        copy(factor(folded.query()), query);
        copy(factor(folded.key()), target.key.column_range(h * to.key_size, to.key_size));
      } else {
        multiply(factor(folded.query()), factor(folded.key()).transposed(), query);
        scale(query, logit_scale<Scalar>(config, layer, to));
      }
      const auto output = source.output.row_range(h * from.value_size, from.value_size);
      if (!to.has_value) {
        multiply(factor(folded.value()), output, target.output.row_range(h * to.value_size, to.value_size));
        continue;
      }
      const auto value = target.value.column_range(h * to.value_size, to.value_size);
      if (to.has_output) {
        copy(factor(folded.value()), value);
        copy(output, target.output.row_range(h * to.value_size, to.value_size));
      } else {
        multiply(factor(folded.value()), output.column_range(0, to.value_size), value);
      }
    }
  }
}

template <class Scalar>
void multiply_out_backward(const ModelConfig& config, const ProductForm& form, const Scalar* parameters,
                           const Scalar* product_gradient, Scalar* gradient) {
  const ParameterTable table(config);
  const auto weights = table.weights(parameters);
  const auto weight_gradients = table.weights(gradient);
  const auto product_gradients = ParameterTable(form.config).weights(product_gradient);
  copy_shared(product_gradients, weight_gradients);
  for (int layer = 0; layer < config.layers; ++layer) {
    const AttentionShape from = config.shape_of(layer);
    const AttentionShape to = form.config.shape_of(layer);
    const auto& source = weights.layers[std::size_t(layer)].attention;
    const auto& d_source = weight_gradients.layers[std::size_t(layer)].attention;
    const auto& d_target = product_gradients.layers[std::size_t(layer)].attention;
    Factors<Scalar> folded(form, layer, source.query.columns);
    Factors<Scalar> d_folded(form, layer, source.query.columns);
    folded.fold(source);
    for (int h = 0; h < config.heads; ++h) {
      const auto factor = [&](const MatrixView<Scalar>& matrix) {
        return matrix.column_range(h * from.key_size, from.key_size);
      };
      const auto d_query = d_target.query.column_range(h * to.key_size, to.key_size);
      if (to.has_key) {
        copy(d_query, factor(d_folded.query()));
        copy(d_target.key.column_range(h * to.key_size, to.key_size), factor(d_folded.key()));
      } else {
        multiply(d_query, read_only(factor(folded.key())), factor(d_folded.query()));
        multiply(d_query.transposed(), read_only(factor(folded.query())), factor(d_folded.key()));
        const auto scaling = logit_scale<Scalar>(config, layer, to);
        scale(factor(d_folded.query()), scaling);
        scale(factor(d_folded.key()), scaling);
      }
      const auto output = source.output.row_range(h * from.value_size, from.value_size);
      const auto d_output = d_source.output.row_range(h * from.value_size, from.value_size);
      if (!to.has_value) {
        const auto d_product = d_target.output.row_range(h * to.value_size, to.value_size);
        multiply(d_product, output.transposed(), factor(d_folded.value()));
        multiply(read_only(factor(folded.value())).transposed(), d_product, d_output);
        continue;
      }
      const auto d_value = d_target.value.column_range(h * to.value_size, to.value_size);
      if (to.has_output) {
        copy(d_value, factor(d_folded.value()));
        copy(d_target.output.row_range(h * to.value_size, to.value_size), d_output);
      } else {
        multiply(d_value, output.column_range(0, to.value_size).transposed(), factor(d_folded.value()));
        // Zero where nobody reads what comes out.
        std::fill(d_output.data, d_output.data + std::ptrdiff_t(d_output.rows) * d_output.columns, Scalar{0});
        multiply(read_only(factor(folded.value())).transposed(), d_value,
                 d_output.column_range(0, to.value_size));
      }
    }
    d_folded.unfold(d_source);
  }
}

#define MESA_INSTANTIATE(Scalar)                                                                            \
  template void multiply_out(const ModelConfig&, const ProductForm&, const Scalar*, Scalar*);               \
  template void multiply_out_backward(const ModelConfig&, const ProductForm&, const Scalar*, const Scalar*, \
                                      Scalar*);
MESA_INSTANTIATE(float)
MESA_INSTANTIATE(double)
#undef MESA_INSTANTIATE

}  // namespace mesa
