#include "model/parameters.h"

#include <algorithm>
#include <utility>

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

}  // namespace

std::vector<LayerPlan> configured_layers(const ModelConfig& config) {
  std::vector<LayerPlan> layers;
  for (int layer = 0; layer < config.layers; ++layer) {
    const AttentionKind kind = config.attention_of(layer);
    layers.push_back({{.kind = kind,
                       .heads = config.heads,
                       .input_size = config.width,
                       .key_size = config.key_size,
                       .value_size = config.key_size,
                       .encodes_position = config.positional_encoding && layer == 0,
                       .learns_forgetting = config.learn_forgetting && kind == AttentionKind::mesa,
                       .normalise_query_key = config.normalise_query_key},
                      config.layer_norm,
                      config.mlp_size,
                      config.width});
  }
  return layers;
}

ParameterTable::ParameterTable(const ModelConfig& config)
    : ParameterTable(config, configured_layers(config)) {}

ParameterTable::ParameterTable(ModelConfig config, std::vector<LayerPlan> layers)
    : config(std::move(config)), layers(std::move(layers)) {
  visit_tensors(*this, [this](const TensorShape& tensor) {
    const std::string prefix =
        tensor.layer == kNoLayer ? "" : joined({"layers.", layer_text(tensor.layer), "."});
    tensors.push_back({prefix + tensor.name, tensor.rows, tensor.columns, size, tensor.initial_value});
    size += tensors.back().size();
  });
}

template <class Scalar>
ModelWeights<Scalar> ParameterTable::weights(Scalar* buffer) const {
  ModelWeights<Scalar> weights;
  weights.layers.resize(layers.size());
  visit_tensors(
      *this,
      [&buffer](const TensorShape& tensor, MatrixView<Scalar>& view) {
        view = {buffer, tensor.rows, tensor.columns};
        buffer += std::ptrdiff_t(tensor.rows) * tensor.columns;
      },
      weights);
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
