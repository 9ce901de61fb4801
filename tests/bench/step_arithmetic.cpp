#include "step_arithmetic.h"

#include <cassert>

#include "model/product_form.h"
#include "nn/chunks.h"

namespace mesa {
namespace {

double positions_in_batch(const Config& config) {
  return double(config.model.positions) * config.training.batch_size;
}

/// Positions of `count` that a position attends to, on average.
double context(int count) { return (count + 1) / 2.0; }

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

/// Products [T, T] by [T, K], causal half, of a head: two on the way there and four on the way back, two
/// where nobody asks for the gradients of keys and values; mesa heads solve a triangular system besides,
/// whose matrix they compute twice.
int mixing_products(AttentionKind kind, bool needs_key_gradient) {
  if (kind == AttentionKind::mesa) return 13;
  return needs_key_gradient ? 6 : 4;
}

/// Multiply-adds of the mixing of one position in one channel of a head. In chunks (nn/chunks.h) the scores
/// are computed twice, and all but softmax heads meet earlier chunks through a [K, K] state: two products
/// with it there and four back, three more where there are errors.
double mixing(const ModelConfig& m, AttentionKind kind, bool needs_key_gradient) {
  const int products = mixing_products(kind, needs_key_gradient);
  if (chunk_count(kind, m.positions) == 1) return products * context(m.positions);
  if (kind == AttentionKind::softmax) return (products + 1) * context(m.positions);
  const int state_products = kind == AttentionKind::mesa ? 9 : 6;
  return (products + 1) * context(chunk_positions(kind, m.positions)) + state_products * m.key_size;
}

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
    const double mixed = is_mesa ? 5.0 * m.key_size : 2 * context(m.positions);
    const double encoding = m.positional_encoding && layer == 0 ? 2 * m.width : 0;
    multiply_adds += projection * (4 * m.width + encoding + mixed);
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
    const bool needs_key_gradient = m.project_keys_values || !first || embeds;
    const double encoding = first && m.positional_encoding ? 2.0 * 2 * m.width : 0;
    multiply_adds +=
        projection * (input_products * input_projections * channels_in + 3 * channels_out + encoding +
                      mixing(m, kind, needs_key_gradient) + inverse_passes(kind) * m.key_size);
  }
  return 2 * multiply_adds * positions_in_batch(config);
}

}  // namespace mesa
