#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/matrix_view.h"
#include "model/config.h"
#include "nn/attention.h"
#include "nn/mlp.h"

namespace mesa {

/// The weights of one layer; what it does not have is an empty view.
template <class Scalar>
struct LayerWeights {
  MatrixView<Scalar> attention_norm;  ///< [1, D]
  AttentionWeights<Scalar> attention;
  MatrixView<Scalar> mlp_norm;  ///< [1, D]
  MlpWeights<Scalar> mlp;
};

/// All weights of a model.
template <class Scalar>
struct ModelWeights {
  MatrixView<Scalar> embedding;  ///< [embedded_size, D]
  std::vector<LayerWeights<Scalar>> layers;
  MatrixView<Scalar> head;  ///< [D, d]
};

/// One layer as it is run: what decides which weights and buffers it has.
struct LayerPlan {
  AttentionConfig attention;
  bool has_norm;  ///< a layer norm before attention and before the MLP
  int mlp_size;   ///< M; 0 = no MLP
  int channels;   ///< how many channels of the residual stream after the layer are computed, the first ones
};

/// One named weight matrix inside a flat parameter buffer, row-major.
struct TensorInfo {
  std::string name;  ///< e.g. "layers.0.attention.query"
  int rows;
  int columns;
  std::size_t offset;
  std::optional<float> initial_value;  ///< of every entry; without one they start random

  [[nodiscard]] std::size_t size() const { return std::size_t(rows) * columns; }
};

/// All weights of a model lie in one flat buffer; this table says where. Optimiser, gradient sums,
/// checkpoints and analyses all go through it.
struct ParameterTable {
  /// Of the model as it is configured, with W_q, W_k, W_v and W_o in every layer.
  explicit ParameterTable(const ModelConfig& config);
  /// Of a model of the same kind with these layers.
  ParameterTable(ModelConfig config, std::vector<LayerPlan> layers);

  ModelConfig config;
  std::vector<LayerPlan> layers;
  std::vector<TensorInfo> tensors;
  std::size_t size = 0;  ///< numbers in the buffer

  /// Views into a flat buffer of parameters or of their gradients.
  template <class Scalar>
  [[nodiscard]] ModelWeights<Scalar> weights(Scalar* buffer) const;
};

/// The layers of a model as it is configured.
std::vector<LayerPlan> configured_layers(const ModelConfig& config);

/// Matrices independently from N(0, initial_scale^2), the rest at its initial values; the same for the same
/// seed.
std::vector<float> initial_parameters(const ModelConfig& config, std::uint64_t seed);

/// What visit_tensors() says of a weight matrix.
struct TensorShape {
  int layer;  ///< kNoLayer for what belongs to none
  const char* name;
  int rows;
  int columns;
  std::optional<float> initial_value = {};
  bool is_projection = false;  ///< W_q, W_k, W_v or W_o without positional rows, which may be fused
};
inline constexpr int kNoLayer = -1;

/// Calls visit(TensorShape, view ..) for every weight matrix of a model, in the order of the flat buffer,
/// with its views in all the sets: the one place that says which weights there are.
template <class Visit, class... Sets>
void visit_tensors(const ParameterTable& table, const Visit& visit, Sets&... sets) {
  const ModelConfig& config = table.config;
  const int width = config.width;
  if (config.embedded_size > 0)
    visit(TensorShape{kNoLayer, "embedding", config.embedded_size, width}, sets.embedding...);
  for (std::size_t i = 0; i < table.layers.size(); ++i) {
    const auto& [a, has_norm, mlp_size, channels] = table.layers[i];
    const auto projection = [&](const char* name, int rows, int columns, auto&... views) {
      visit(TensorShape{int(i), name, rows, columns, {}, true}, views...);
    };
    const auto random = [&](const char* name, int rows, int columns, auto&... views) {
      visit(TensorShape{int(i), name, rows, columns}, views...);
    };
    const auto constant = [&](const char* name, int columns, float value, auto&... views) {
      visit(TensorShape{int(i), name, 1, columns, value}, views...);
    };
    const int keys = a.heads * a.key_size;
    const int values = a.heads * a.value_size;
    if (has_norm) constant("attention.norm", width, 1, sets.layers[i].attention_norm...);
    projection("attention.query", a.input_size, keys, sets.layers[i].attention.query...);
    if (a.has_key) projection("attention.key", a.input_size, keys, sets.layers[i].attention.key...);
    if (a.has_value) projection("attention.value", a.input_size, values, sets.layers[i].attention.value...);
    if (a.has_output) projection("attention.output", values, width, sets.layers[i].attention.output...);
    if (a.encodes_position) {
      random("attention.query_position", width, keys, sets.layers[i].attention.query_position...);
      random("attention.key_position", width, keys, sets.layers[i].attention.key_position...);
    }
    if (a.kind == AttentionKind::mesa) {
      constant("attention.log_inverse_ridge", a.heads, 0, sets.layers[i].attention.log_inverse_ridge...);
    }
    if (a.learns_forgetting) {
      constexpr float kLittleForgetting = 5;  // gamma = 0.993
      constant("attention.forget_logit", a.heads, kLittleForgetting,
               sets.layers[i].attention.forget_logit...);
    }
    if (mlp_size == 0) continue;
    if (has_norm) constant("mlp.norm", width, 1, sets.layers[i].mlp_norm...);
    random("mlp.input", width, mlp_size, sets.layers[i].mlp.input...);
    random("mlp.output", mlp_size, width, sets.layers[i].mlp.output...);
  }
  if (config.embedded_size > 0) visit(TensorShape{kNoLayer, "head", width, config.output_size}, sets.head...);
}

}  // namespace mesa
