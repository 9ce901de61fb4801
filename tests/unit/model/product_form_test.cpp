#include "model/product_form.h"

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

/// One training pass there and back over random sequences, with a random gradient of the predictions.
Result run(const ModelConfig& config, const TokenConfig& tokens, const std::vector<double>& parameters,
           Pass pass) {
  const ParameterTable table(config);
  Activations<double> activations(config, kSequences);
  ActivationGradients<double> gradients(config, kSequences);
  const int channels = config.embedded_size > 0 ? config.embedded_size : config.output_size;
  const auto states = test::normal_numbers<float>(std::size_t(config.positions + 1) * channels, 2);
  for (int n = 0; n < kSequences; ++n) {
    write_tokens(tokens, MatrixView<const float>(states.data(), config.positions + 1, channels),
                 activations.tokens(n));
  }
  forward(table, parameters.data(), activations, pass);

  gradients.clear();
  Result result;
  const auto direction = test::normal_numbers<double>(std::size_t(config.positions) * config.output_size, 3);
  for (int n = 0; n < kSequences; ++n) {
    const MatrixView<double> predictions = activations.predictions(n);
    const MatrixView<double> target = gradients.predictions(n);
    for (int t = 0; t < target.rows; ++t) {
      for (int j = 0; j < target.columns; ++j) {
        target(t, j) = direction[std::size_t(t) * target.columns + j];
        result.predictions.push_back(predictions(t, j));
      }
    }
  }
  result.gradient.resize(table.size);
  backward(table, parameters.data(), activations, result.gradient.data(), gradients, pass);
  return result;
}

void check_equal(const std::vector<double>& a, const std::vector<double>& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) CHECK(a[i] == Approx(b[i]).epsilon(1e-9).margin(1e-9));
}

void check_form(const ModelConfig& config, const ProductForm& form, const TokenConfig& tokens) {
  const auto parameters = test::normal_numbers<double>(ParameterTable(config).size, 1, 0.4F);
  std::vector<double> products(ParameterTable(form.config).size);
  multiply_out(config, form, parameters.data(), products.data());
  const Result plain = run(config, tokens, parameters, Pass::complete);
  const Result product = run(form.config, tokens, products, Pass::predictions);
  std::vector<double> gradient(parameters.size(), 1);
  multiply_out_backward(config, form, parameters.data(), product.gradient.data(), gradient.data());
  INFO("layers " << config.layers << " kind " << int(config.attention[0]) << " K " << config.key_size << " T "
                 << config.positions << " tokens " << int(tokens.kind) << " embedded " << config.embedded_size
                 << " MLP " << config.mlp_size << " norm " << config.layer_norm);
  check_equal(product.predictions, plain.predictions);
  check_equal(gradient, plain.gradient);
}

/// Tokens of 4 d = 8 channels, of which the first layer reads 4.
ModelConfig small_config(int layers, int key_size) {
  return {.positions = 7, .width = 8, .output_size = 2, .layers = layers, .heads = 2, .key_size = key_size};
}

}  // namespace

TEST_CASE("the cheapest form has the same predictions and leads to the same gradients", "[model]") {
  using enum AttentionKind;
  for (const AttentionKind kind : {linear, softmax, mesa}) {
    for (const int layers : {1, 2, 3}) {
      // Below, at and above the channels predicted, read by the first layer and by the others.
      for (const int key_size : {1, 2, 3, 4, 5, 8, 9}) {
        ModelConfig config = small_config(layers, key_size);
        config.attention = {kind};
        for (const TokenKind tokens : {TokenKind::constructed, TokenKind::constructed_masked}) {
          check_form(config, cheapest_form(config, tokens), tokens);
        }
      }
    }
  }
}

TEST_CASE("the cheapest form of everything else a model can have is right, too", "[model]") {
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
    check_form(config, cheapest_form(config, TokenKind::constructed), TokenKind::constructed);
    const TokenConfig window(TokenKind::window, 4);
    check_form(config, cheapest_form(config, window), window);
    ModelConfig raw = config;
    raw.embedded_size = 2;
    check_form(raw, cheapest_form(raw, TokenKind::raw), TokenKind::raw);
    raw.positional_encoding = true;
    check_form(raw, cheapest_form(raw, TokenKind::raw), TokenKind::raw);
  }
}

TEST_CASE("the product form of linear layers has the same predictions and leads to the same gradients",
          "[model]") {
  for (const int key_size : {3, 8, 11}) {
    const ModelConfig config = small_config(3, key_size);
    check_form(config, product_form(config), TokenKind::constructed);
  }
}

TEST_CASE("only linear heads without anything between projections and scores have a product form",
          "[model]") {
  CHECK(has_product_form(small_config(2, 5)));
  ModelConfig config = small_config(2, 6);
  config.attention = {AttentionKind::linear, AttentionKind::softmax};
  CHECK_FALSE(has_product_form(config));
  config = small_config(2, 6);
  config.normalise_query_key = true;
  CHECK_FALSE(has_product_form(config));
  config = small_config(2, 6);
  config.positional_encoding = true;
  CHECK_FALSE(has_product_form(config));
}

TEST_CASE("the cheapest form multiplies out what has no more columns than its factors", "[model]") {
  // The sizes of the public notebook: D = 40, d = 10, K = 20.
  const ModelConfig config{.width = 40, .output_size = 10, .layers = 2, .heads = 4, .key_size = 20};
  const ModelConfig form = cheapest_form(config, TokenKind::constructed).config;
  const AttentionShape first = form.shape_of(0);
  CHECK((first.input_size == 20 && first.key_size == 20 && first.value_size == 20));
  CHECK((!first.has_key && !first.has_value && first.has_output));
  const AttentionShape last = form.shape_of(1);
  CHECK((last.input_size == 40 && last.key_size == 20 && last.value_size == 10));
  CHECK((last.has_key && last.has_value && !last.has_output));
}

}  // namespace mesa
