#include "model/product_form.h"

#include <catch2/catch.hpp>
#include <vector>

#include "model/transformer.h"
#include "random_numbers.h"

namespace mesa {
namespace {

struct Result {
  std::vector<double> residual;
  std::vector<double> input_gradient;
  std::vector<double> gradient;
};

/// One pass there and back, with a random gradient of the predictions.
Result run(const ModelConfig& config, const std::vector<double>& parameters, Pass pass) {
  constexpr int kSequences = 2;
  const ParameterTable table(config);
  Activations<double> activations(config, kSequences);
  ActivationGradients<double> gradients(config, kSequences);
  const int token_width = config.embedded_size > 0 ? config.embedded_size : config.width;
  const auto tokens = test::normal_numbers<double>(std::size_t(activations.rows) * token_width, 2);
  std::copy(tokens.begin(), tokens.end(), activations.tokens(0).data);
  for (int t = 0; t < activations.rows; ++t) activations.tokens(0).data[t * token_width] = 0;
  forward(table, parameters.data(), activations, pass);

  gradients.clear();
  const auto direction = test::normal_numbers<double>(std::size_t(config.positions) * config.output_size, 3);
  for (int n = 0; n < kSequences; ++n) {
    const MatrixView<double> target = gradients.predictions(n);
    for (int t = 0; t < target.rows; ++t) {
      for (int j = 0; j < target.columns; ++j) target(t, j) = direction[std::size_t(t) * target.columns + j];
    }
  }
  std::vector<double> gradient(table.size);
  backward(table, parameters.data(), activations, gradient.data(), gradients, pass);
  return {activations.residuals.back(), gradients.residuals, gradient};
}

void check_equal(const std::vector<double>& a, const std::vector<double>& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) CHECK(a[i] == Approx(b[i]).epsilon(1e-9).margin(1e-9));
}

ModelConfig linear_config(int key_size) {
  return {.positions = 7, .width = 6, .output_size = 2, .layers = 3, .heads = 2, .key_size = key_size};
}

std::vector<ModelConfig> configs_with_product_form() {
  std::vector<ModelConfig> configs = {linear_config(6), linear_config(9)};
  configs.back().residual_limit = 1.5;
  configs.push_back(linear_config(7));
  configs.back().positions = 101;
  ModelConfig raw = linear_config(7);
  raw.embedded_size = 3;
  raw.mlp_size = 5;
  configs.push_back(raw);
  raw.layer_norm = true;
  configs.push_back(raw);
  return configs;
}

}  // namespace

TEST_CASE("the product form has the same predictions and leads to the same gradients", "[model]") {
  for (const ModelConfig& config : configs_with_product_form()) {
    REQUIRE(product_form_saves_work(config));
    const auto parameters = test::normal_numbers<double>(ParameterTable(config).size, 1, 0.4F);
    const ModelConfig form = product_form(config);
    std::vector<double> products(ParameterTable(form).size);
    multiply_out(config, parameters.data(), products.data());

    const Result plain = run(config, parameters, Pass::complete);
    const Result product = run(form, products, Pass::complete);
    check_equal(product.residual, plain.residual);
    check_equal(product.input_gradient, plain.input_gradient);
    for (const Pass pass : {Pass::complete, Pass::predictions}) {
      std::vector<double> gradient(parameters.size());
      multiply_out_backward(config, parameters.data(), run(form, products, pass).gradient.data(),
                            gradient.data());
      check_equal(gradient, plain.gradient);
    }
  }
}

TEST_CASE("only linear heads at least as wide as the residual stream have a product form", "[model]") {
  CHECK_FALSE(product_form_saves_work(linear_config(5)));
  ModelConfig config = linear_config(6);
  config.attention = {AttentionKind::linear, AttentionKind::softmax};
  CHECK_FALSE(has_product_form(config));
  config = linear_config(6);
  config.normalise_query_key = true;
  CHECK_FALSE(has_product_form(config));
  config = linear_config(6);
  config.positional_encoding = true;
  CHECK_FALSE(has_product_form(config));
}

}  // namespace mesa
