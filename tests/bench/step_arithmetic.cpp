#include "step_arithmetic.h"

#include <cassert>

#include "model/product_form.h"

namespace mesa {
namespace {

double positions_in_batch(const Config& config) {
  return double(config.model.positions) * config.training.batch_size;
}

/// Positions that a position attends to, on average.
double context(const ModelConfig& model) { return (model.positions + 1) / 2.0; }

/// Of the tokens, those that begin them and are always zero: training does not read them.
int zero_channels(const Config& config) {
  switch (config.tokens.kind) {
    case TokenKind::constructed: return config.task.observation_size;
    case TokenKind::constructed_masked: return 2 * config.task.observation_size;
    case TokenKind::window:
    case TokenKind::raw: break;
  }
  return 0;
}

/// Products [T, T] by [T, K], causal half, of a head: two on the way there and four on the way back; mesa
/// heads solve a triangular system besides, whose matrix they compute twice.
int mixing_products(AttentionKind kind) { return kind == AttentionKind::mesa ? 13 : 6; }

/// Passes over a [K, K] matrix at each position, a multiply-add for each entry: there, the inverse's update
/// and product; back, the same again, and its gradient's update by two terms and product.
int inverse_passes(AttentionKind kind) { return kind == AttentionKind::mesa ? 7 : 0; }

}  // namespace

double standard_operations(const Config& config) {
  const ModelConfig& m = config.model;
  assert(m.mlp_size == 0);
  const double projection = double(m.heads) * m.key_size;
  double multiply_adds = double(m.embedded_size) * m.width * 2;
  for (int layer = 0; layer < m.layers; ++layer) {
    const bool is_mesa = m.attention_of(layer) == AttentionKind::mesa;
    const double mixing = is_mesa ? 5.0 * m.key_size : 2 * context(m);
    const double encoding = m.positional_encoding && layer == 0 ? 2 * m.width : 0;
    multiply_adds += projection * (4 * m.width + encoding + mixing);
  }
  return 2 * 3 * multiply_adds * positions_in_batch(config);
}

double executed_operations(const Config& config) {
  const ModelConfig m = product_form_saves_work(config.model) ? product_form(config.model) : config.model;
  assert(m.mlp_size == 0);
  const bool embeds = m.embedded_size > 0;
  const double projection = double(m.heads) * m.key_size;
  const int input_projections = m.project_keys_values ? 3 : 1;
  // Of an embedding: there, and its own gradient. Of the head: the gradient of its input as well.
  double multiply_adds = embeds ? m.width * (2.0 * m.embedded_size + 3.0 * m.output_size) : 0;
  for (int layer = 0; layer < m.layers; ++layer) {
    const AttentionKind kind = m.attention_of(layer);
    const bool first = layer == 0;
    const int channels_in = m.width - (first ? zero_channels(config) : 0);
    const int channels_out = layer == m.layers - 1 && !embeds ? m.output_size : m.width;
    // There, the weights' gradient, and unless nobody asks for it that of the input.
    const int input_products = first && !embeds ? 2 : 3;
    const double encoding = first && m.positional_encoding ? 2.0 * 2 * m.width : 0;
    multiply_adds +=
        projection * (input_products * input_projections * channels_in + 3 * channels_out + encoding +
                      mixing_products(kind) * context(m) + inverse_passes(kind) * m.key_size);
  }
  return 2 * multiply_adds * positions_in_batch(config);
}

}  // namespace mesa
