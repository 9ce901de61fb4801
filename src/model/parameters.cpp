#include "model/parameters.h"

#include <algorithm>

#include "core/error.h"
#include "core/random.h"

namespace mesa {
namespace {

/// The number of a layer, of which there are fewer than a hundred: std::to_string comes with large tables.
std::string layer_text(int layer) {
  std::string text;
  if (layer >= 10) text += char('0' + layer / 10);
  return text += char('0' + layer % 10);
}

constexpr int kNoLayer = -1;

/// Calls visit(layer, name, view, rows, columns, initial value) for every weight matrix that a model has, in
/// the order of the flat buffer: the one place that says which there are.
template <class Scalar, class Visit>
void visit_tensors(const ModelConfig& config, ModelWeights<Scalar>& weights, const Visit& visit) {
  const int width = config.width;
  const auto random = [&](int layer, const char* name, MatrixView<Scalar>& view, int rows, int columns) {
    visit(layer, name, view, rows, columns, std::optional<float>());
  };
  const auto constant = [&](int layer, const char* name, MatrixView<Scalar>& view, int columns, float value) {
    visit(layer, name, view, 1, columns, std::optional<float>(value));
  };

  if (config.embedded_size > 0) random(kNoLayer, "embedding", weights.embedding, config.embedded_size, width);
  weights.layers.resize(std::size_t(config.layers));
  for (int layer = 0; layer < config.layers; ++layer) {
    LayerWeights<Scalar>& w = weights.layers[std::size_t(layer)];
    if (config.layer_norm) constant(layer, "attention.norm", w.attention_norm, width, 1);
    const AttentionShape shape = config.shape_of(layer);
    const int projection = config.heads * shape.key_size;
    const int values = config.heads * shape.value_size;
    random(layer, "attention.query", w.attention.query, shape.input_size, projection);
    if (shape.has_key) random(layer, "attention.key", w.attention.key, shape.input_size, projection);
    if (shape.has_value) random(layer, "attention.value", w.attention.value, shape.input_size, values);
    if (shape.has_output) random(layer, "attention.output", w.attention.output, values, width);
    if (config.positional_encoding && layer == 0) {
      random(layer, "attention.query_position", w.attention.query_position, width, projection);
      random(layer, "attention.key_position", w.attention.key_position, width, projection);
    }
    if (config.attention_of(layer) == AttentionKind::mesa) {
      constexpr float kLittleForgetting = 5;  // gamma = 0.993
      constant(layer, "attention.log_inverse_ridge", w.attention.log_inverse_ridge, config.heads, 0);
      if (config.learn_forgetting) {
        constant(layer, "attention.forget_logit", w.attention.forget_logit, config.heads, kLittleForgetting);
      }
    }
    if (config.mlp_size > 0) {
      if (config.layer_norm) constant(layer, "mlp.norm", w.mlp_norm, width, 1);
      random(layer, "mlp.input", w.mlp.input, width, config.mlp_size);
      random(layer, "mlp.output", w.mlp.output, config.mlp_size, width);
    }
  }
  if (config.embedded_size > 0) random(kNoLayer, "head", weights.head, width, config.output_size);
}

}  // namespace

ParameterTable::ParameterTable(const ModelConfig& config) : config_(config) {
  ModelWeights<float> unused;
  visit_tensors(
      config, unused,
      [this](int layer, const char* name, auto&, int rows, int columns, std::optional<float> initial_value) {
        const std::string prefix = layer == kNoLayer ? "" : joined({"layers.", layer_text(layer), "."});
        tensors.push_back({prefix + name, rows, columns, size, initial_value});
        size += tensors.back().size();
      });
}

template <class Scalar>
ModelWeights<Scalar> ParameterTable::weights(Scalar* buffer) const {
  ModelWeights<Scalar> weights;
  visit_tensors(
      config_, weights,
      [&buffer](int, const char*, MatrixView<Scalar>& view, int rows, int columns, std::optional<float>) {
        view = {buffer, rows, columns};
        buffer += std::ptrdiff_t(rows) * columns;
      });
  return weights;
}

template ModelWeights<float> ParameterTable::weights(float*) const;
template ModelWeights<double> ParameterTable::weights(double*) const;
template ModelWeights<const float> ParameterTable::weights(const float*) const;
template ModelWeights<const double> ParameterTable::weights(const double*) const;

std::vector<float> initial_parameters(const ModelConfig& config, std::uint64_t seed) {
  const ParameterTable table(config);
  std::vector<float> parameters(table.size);
  RandomStream random(seed, RandomPurpose::initialisation, 0, 0);
  random.fill_normal(parameters, static_cast<float>(config.initial_scale));
  for (const TensorInfo& tensor : table.tensors) {
    if (!tensor.initial_value) continue;
    const auto first = parameters.begin() + std::ptrdiff_t(tensor.offset);
    std::fill(first, first + std::ptrdiff_t(tensor.size()), *tensor.initial_value);
  }
  return parameters;
}

}  // namespace mesa
