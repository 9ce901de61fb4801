#include "model/fused_weights.h"

#include <catch2/catch.hpp>
#include <vector>

#include "model/transformer.h"
#include "random_numbers.h"

namespace mesa {
namespace {

constexpr int kSequences = 2;

struct Result {
  std::vector<double> predictions;
  std::vector<double> gradient;
};

/// A forward and a backward pass over random sequences, with a random gradient of the predictions.
Result run(const CompiledModel& model, const TokenConfig& tokens, const std::vector<double>& parameters) {
  const ModelConfig& config = model.config;
  Workspace<double> workspace(model, kSequences);
  const int channels = config.embedded_size > 0 ? config.embedded_size : config.output_size;
  const auto states = test::normal_numbers<float>(std::size_t(config.positions + 1) * channels, 2);
  for (int n = 0; n < kSequences; ++n) {
    write_tokens(tokens, MatrixView<const float>(states.data(), config.positions + 1, channels),
                 workspace.tokens(n));
  }
  const ModelWeights<const double> weights = model.fused.weights(parameters.data());
  forward(model, weights, workspace);

  workspace.clear_gradients();
  Result result;
  const auto direction = test::normal_numbers<double>(std::size_t(config.positions) * config.output_size, 3);
  for (int n = 0; n < kSequences; ++n) {
    const MatrixView<double> predictions = workspace.predictions(n);
    const MatrixView<double> gradient = workspace.prediction_gradient(n);
    for (int t = 0; t < gradient.rows; ++t) {
      for (int j = 0; j < gradient.columns; ++j) {
        gradient(t, j) = direction[std::size_t(t) * gradient.columns + j];
        result.predictions.push_back(predictions(t, j));
      }
    }
  }
  result.gradient.resize(model.fused.size);
  backward(model, weights, workspace, model.fused.weights(result.gradient.data()));
  return result;
}

void check_equal(const std::vector<double>& a, const std::vector<double>& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) CHECK(a[i] == Approx(b[i]).epsilon(1e-9).margin(1e-9));
}

void check_fused(const CompiledModel& model, const TokenConfig& tokens) {
  const ModelConfig& config = model.config;
  const auto parameters = test::normal_numbers<double>(model.own.size, 1, 0.4F);
  const ModelWeights<const double> own = model.own.weights(parameters.data());
  std::vector<double> fused_parameters(model.fused.size);
  fuse_weights(model, own, model.fused.weights(fused_parameters.data()));
  const Result plain = run(complete_model(config), tokens, parameters);
  const Result fused = run(model, tokens, fused_parameters);
  std::vector<double> gradient(parameters.size(), 1);
  fuse_weights_backward(model, own, model.fused.weights(fused.gradient.data()),
                        model.own.weights(gradient.data()));
  INFO("layers " << config.layers << " kind " << int(config.attention[0]) << " K " << config.key_size << " T "
                 << config.positions << " tokens " << int(tokens.kind) << " embedded " << config.embedded_size
                 << " MLP " << config.mlp_size << " norm " << config.layer_norm);
  check_equal(fused.predictions, plain.predictions);
  check_equal(gradient, plain.gradient);
}

/// Tokens of 4 d = 8 channels, of which the first layer reads 4.
ModelConfig small_config(int layers, int key_size) {
  return {.positions = 7, .width = 8, .output_size = 2, .layers = layers, .heads = 2, .key_size = key_size};
}

}  // namespace

TEST_CASE("a fused model gives the same predictions and gradients", "[model]") {
  using enum AttentionKind;
  for (const AttentionKind kind : {linear, softmax, mesa}) {
    for (const int layers : {1, 2, 3}) {
      // Sizes below, at and above the predicted channels, read by the first layer and by the others.
      for (const int key_size : {1, 2, 3, 4, 5, 8, 9}) {
        ModelConfig config = small_config(layers, key_size);
        config.attention = {kind};
        for (const TokenKind tokens : {TokenKind::constructed, TokenKind::constructed_masked}) {
          check_fused(fused_model(config, tokens), tokens);
        }
      }
    }
  }
}

TEST_CASE("a fused model is right for every other kind of model", "[model]") {
  using enum AttentionKind;
  std::vector<ModelConfig> configs;
  for (const AttentionKind kind : {linear, softmax, mesa}) {
    ModelConfig config = small_config(2, 9);
    config.attention = {kind, linear};
    config.positions = kind == softmax ? 261 : 101;  // more than one chunk
    config.residual_limit = 1.5;
    configs.push_back(config);
    config = small_config(3, 9);
    config.attention = {softmax, kind};
    config.normalise_query_key = true;
    config.learn_forgetting = true;
    config.mlp_size = 5;
    configs.push_back(config);
    config.layer_norm = true;
    configs.push_back(config);
    config.mlp_size = 0;
    config.normalise_query_key = false;
    configs.push_back(config);
  }
  for (const ModelConfig& config : configs) {
    check_fused(fused_model(config, TokenKind::constructed), TokenKind::constructed);
    const TokenConfig window(TokenKind::window, 4);
    check_fused(fused_model(config, window), window);
    ModelConfig raw = config;
    raw.embedded_size = 2;
    check_fused(fused_model(raw, TokenKind::raw), TokenKind::raw);
    raw.positional_encoding = true;
    check_fused(fused_model(raw, TokenKind::raw), TokenKind::raw);
  }
}

TEST_CASE("the product model of linear layers gives the same predictions and gradients", "[model]") {
  for (const int key_size : {3, 8, 11}) {
    const ModelConfig config = small_config(3, key_size);
    check_fused(product_model(config), TokenKind::constructed);
  }
}

TEST_CASE("only linear heads without anything between projections and scores have a product model",
          "[model]") {
  CHECK(has_product_model(small_config(2, 5)));
  ModelConfig config = small_config(2, 6);
  config.attention = {AttentionKind::linear, AttentionKind::softmax};
  CHECK_FALSE(has_product_model(config));
  config = small_config(2, 6);
  config.normalise_query_key = true;
  CHECK_FALSE(has_product_model(config));
  config = small_config(2, 6);
  config.positional_encoding = true;
  CHECK_FALSE(has_product_model(config));
}

TEST_CASE("a fused model multiplies out products with no more columns than their factors", "[model]") {
  // The sizes of the public notebook: D = 40, d = 10, K = 20.
  const ModelConfig config{.width = 40, .output_size = 10, .layers = 2, .heads = 4, .key_size = 20};
  const CompiledModel model = fused_model(config, TokenKind::constructed);
  const AttentionConfig first = model.fused.layers[0].attention;
  CHECK((first.input_size == 20 && first.key_size == 20 && first.value_size == 20));
  CHECK((!first.has_key && !first.has_value && first.has_output));
  const AttentionConfig last = model.fused.layers[1].attention;
  CHECK((last.input_size == 40 && last.key_size == 20 && last.value_size == 10));
  CHECK((last.has_key && last.has_value && !last.has_output));
  CHECK((model.fused.layers[0].channels == 40 && model.fused.layers[1].channels == 10));
}

}  // namespace mesa
