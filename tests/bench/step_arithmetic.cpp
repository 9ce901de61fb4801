#include "step_arithmetic.h"

#include <cassert>

#include "model/compiled_model.h"

namespace mesa {
namespace {

double positions_in_batch(const Config& config) {
  return double(config.model.positions) * config.training.batch_size;
}

/// The mean number of positions, of `count`, that a position attends to.
double context(int count) { return (count + 1) / 2.0; }

/// Multiply-adds of attention at one position by one linear or softmax head. Products [T, T] by [T, K] or [T,
/// V], causal half: the scores and the head output in the forward pass, and two for each in the backward
/// pass, or one where no gradient of keys or values is needed. In chunks (nn/chunks.h) softmax heads compute
/// the scores twice, and linear heads meet earlier chunks through a [K, V] state: two products with it
/// forward, and as many backward as with scores.
double head_operations(const Chunks& chunks, const AttentionConfig& shape, bool needs_input_gradient) {
  const int key_products = shape.has_key || needs_input_gradient ? 3 : 2;
  const int value_products = shape.has_value || needs_input_gradient ? 3 : 2;
  const double by_keys = key_products * shape.key_size;
  const double by_values = value_products * shape.value_size;
  const int positions = chunks.positions();
  if (chunks.count() == 1) return (by_keys + by_values) * context(positions);
  if (shape.kind == AttentionKind::softmax)
    return (by_keys + by_values + shape.key_size) * context(positions);
  return (by_keys + by_values) * context(chunks[0].count) +
         (key_products + value_products) * double(shape.key_size) * shape.value_size;
}

/// The same for one mesa head (nn/mesa_attention.cpp) in chunks of C positions. Within a chunk, forward: K M
/// K^T and the elimination, L^-1 times what becomes [S E], the head output; backward: both gradients of that,
/// N, L^-1 K, its products with N and N^T, and L^-T times what becomes the gradients of K and V. With the
/// state [K, K + V], forward: the keys' product, the state's change, the queries' product; backward: the
/// gradients of all of these.
double mesa_head_operations(const Chunks& chunks, const AttentionConfig& shape) {
  const double keys = shape.key_size;
  const double values = shape.value_size;
  const double both = keys + values;
  const double count = double(chunks.positions()) / chunks.count();
  const double with_state = 1 - 1.0 / chunks.count();  // of the chunks: all but the first, or the last
  const double in_chunk = context(int(count)) * (6 * both + 4 * keys) + count * count / 3;
  const double forward = 2 * keys * both + keys * values;
  const double backward = 3 * (keys * both + keys * values);
  return in_chunk + with_state * (forward + backward);
}

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
  const CompiledModel model = fused_model(config.model, config.tokens);
  const ModelConfig& m = model.config;
  assert(m.mlp_size == 0);
  const bool embeds = m.embedded_size > 0;
  // An embedding has its forward pass and its own gradient; the head also the gradient of its input.
  double multiply_adds = embeds ? m.width * (2.0 * m.embedded_size + 3.0 * m.output_size) : 0;
  for (int layer = 0; layer < m.layers; ++layer) {
    const LayerPlan& plan = model.fused.layers[std::size_t(layer)];
    const AttentionConfig& shape = plan.attention;
    const Chunks chunks =
        make_head<float>(shape.kind, {m.positions, shape.key_size, shape.value_size})->chunks();
    const bool needs_input_gradient = model.needs_input_gradient(layer);
    // The forward pass, the weights' gradient and, if needed, the input's.
    const int input_products = needs_input_gradient ? 3 : 2;
    const int projected = (1 + shape.has_key) * shape.key_size + shape.has_value * shape.value_size;
    const double encoding = layer == 0 && m.positional_encoding ? 2.0 * 2 * m.width * shape.key_size : 0;
    const double output = shape.has_output ? 3.0 * shape.value_size * plan.channels : 0;
    multiply_adds += m.heads * (double(input_products) * projected * shape.input_size + output + encoding +
                                (shape.kind == AttentionKind::mesa
                                     ? mesa_head_operations(chunks, shape)
                                     : head_operations(chunks, shape, needs_input_gradient)));
  }
  return 2 * multiply_adds * positions_in_batch(config);
}

}  // namespace mesa
