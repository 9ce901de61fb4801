#include "model/compiled_model.h"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <utility>

namespace mesa {
namespace {

CompiledModel compiled(const ModelConfig& config, std::vector<LayerPlan> layers, bool is_complete) {
  std::vector<int> all_rows(std::size_t{unsigned(config.width)});
  std::iota(all_rows.begin(), all_rows.end(), 0);
  return {config, ParameterTable(config), ParameterTable(config, std::move(layers)), std::move(all_rows),
          is_complete};
}

/// The last layer computes only those channels of the residual stream that are the predictions, where they
/// are channels of it. (An MLP would read them all first.)
void leave_out_channels(const ModelConfig& config, std::vector<LayerPlan>& layers) {
  if (config.embedded_size == 0 && config.mlp_size == 0) layers.back().channels = config.output_size;
}

}  // namespace

CompiledModel complete_model(const ModelConfig& config) {
  return compiled(config, configured_layers(config), true);
}

bool has_product_model(const ModelConfig& config) {
  for (int layer = 0; layer < config.layers; ++layer) {
    if (query_key_use(config.attention_of(layer)) != QueryKeyUse::product) return false;
  }
  return !config.normalise_query_key && !config.positional_encoding;
}

CompiledModel product_model(const ModelConfig& config) {
  assert(has_product_model(config));
  std::vector<LayerPlan> layers = configured_layers(config);
  for (LayerPlan& layer : layers) {
    AttentionConfig& a = layer.attention;
    a.key_size = a.value_size = config.width;
    a.has_key = a.has_value = false;
  }
  leave_out_channels(config, layers);
  return compiled(config, std::move(layers), false);
}

CompiledModel fused_model(const ModelConfig& config, const TokenConfig& tokens) {
  std::vector<LayerPlan> layers = configured_layers(config);
  leave_out_channels(config, layers);
  std::vector<int> row_read;
  int first_channel = 0;  // that the first layer reads
  if (config.embedded_size == 0 && !config.layer_norm) {
    row_read = same_channels(tokens, config.output_size);
    while (row_read[std::size_t(first_channel)] != first_channel) ++first_channel;
    for (int& row : row_read) row -= first_channel;
    layers[0].attention.input_size -= first_channel;
  }
  for (LayerPlan& layer : layers) {
    AttentionConfig& a = layer.attention;
    const bool depends_on_product = query_key_use(a.kind) != QueryKeyUse::separate;
    if (depends_on_product && !a.encodes_position && !a.normalise_query_key && a.input_size <= a.key_size) {
      a.key_size = a.input_size;
      a.has_key = false;
    }
    a.value_size = std::min({a.input_size, layer.channels, a.value_size});
    a.has_value = a.value_size != a.input_size;
    a.has_output = !a.has_value || a.value_size != layer.channels;
  }
  CompiledModel model = compiled(config, std::move(layers), false);
  if (!row_read.empty()) model.row_read = std::move(row_read);
  return model;
}

}  // namespace mesa
