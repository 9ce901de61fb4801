#include "model/transformer.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "complete_pass.h"
#include "evaluate/in_context_loss.h"
#include "evaluate/model_predictor.h"
#include "gradient_check.h"
#include "random_numbers.h"
#include "reference/gradient_descent.h"
#include "reference/preconditioned_step.h"
#include "train/loss.h"
#include "worse_error.h"

namespace mesa {
namespace {

/// A model with random weights, tokens and targets for `sequences` sequences.
struct RandomModel {
  RandomModel(const ModelConfig& config, int sequences)
      : config(config),
        model(complete_model(config)),
        sequences(sequences),
        parameters(test::normal_numbers<double>(model.own.size, 1, 0.4F)),
        token_width(config.embedded_size > 0 ? config.embedded_size : config.width),
        tokens(test::normal_numbers<double>(std::size_t(sequences) * config.positions * token_width, 2)),
        labels(test::normal_numbers<double>(std::size_t(sequences) * config.positions * config.output_size,
                                            3)) {}

  [[nodiscard]] MatrixView<const double> label(int sequence) const {
    return {labels.data() + std::ptrdiff_t(sequence) * config.positions * config.output_size,
            config.positions, config.output_size};
  }

  double loss(Workspace<double>& workspace) const {
    std::copy(tokens.begin(), tokens.end(), workspace.tokens().data);
    forward(model, weights(), workspace);
    double sum = 0;
    for (int n = 0; n < sequences; ++n) sum += squared_error(read_only(workspace.predictions(n)), label(n));
    return sum;
  }

  /// The gradient of the loss with respect to the parameters, after loss(), added to `sum` if that is given.
  std::vector<double> gradient(Workspace<double>& workspace, std::vector<double> sum = {}) const {
    workspace.clear_gradients();
    for (int n = 0; n < sequences; ++n) {
      squared_error_gradient(read_only(workspace.predictions(n)), label(n), 1.0,
                             workspace.prediction_gradient(n));
    }
    sum.resize(model.own.size);
    backward(model, weights(), workspace, model.own.weights(sum.data()));
    return sum;
  }

  [[nodiscard]] ModelWeights<const double> weights() const { return model.own.weights(parameters.data()); }

  ModelConfig config;
  CompiledModel model;
  int sequences;
  std::vector<double> parameters;
  int token_width;
  std::vector<double> tokens;
  std::vector<double> labels;
};

ModelConfig small_config(int layers) {
  return {.positions = 5, .width = 6, .output_size = 2, .layers = layers, .heads = 2, .key_size = 3};
}

/// Every feature that a configuration can have.
std::vector<ModelConfig> all_configs() {
  using enum AttentionKind;
  std::vector<ModelConfig> configs = {small_config(1), small_config(3), small_config(2)};
  configs.back().residual_limit = 1.5;
  ModelConfig raw = small_config(2);
  raw.embedded_size = 3;
  raw.attention = {softmax, mesa};
  configs.push_back(raw);
  raw.positional_encoding = true;
  raw.residual_limit = 2;
  configs.push_back(raw);
  ModelConfig deep = raw;
  deep.layers = 3;
  deep.attention = {mesa, linear, softmax};
  deep.learn_forgetting = true;
  deep.normalise_query_key = true;
  deep.mlp_size = 7;
  configs.push_back(deep);
  deep.layer_norm = true;
  configs.push_back(deep);
  deep.embedded_size = 0;
  deep.mlp_size = 0;
  configs.push_back(deep);
  ModelConfig smallest{.positions = 1, .width = 1, .output_size = 1, .layers = 2, .heads = 1, .key_size = 1};
  smallest.attention = {mesa, softmax};
  smallest.mlp_size = 1;
  configs.push_back(smallest);
  return configs;
}

}  // namespace

TEST_CASE("the whole model's gradients equal central differences, for every kind of model", "[model]") {
  for (const ModelConfig& config : all_configs()) {
    for (const int sequences : {1, 2}) {
      RandomModel model(config, sequences);
      Workspace<double> workspace(model.model, sequences);
      const auto loss = [&] { return model.loss(workspace); };

      loss();
      const std::vector<double> parameter_gradient = model.gradient(workspace);
      const MatrixView<double> of_residual = workspace.residual_gradient();
      const std::vector<double> token_gradient(
          of_residual.data, of_residual.data + std::ptrdiff_t(of_residual.rows) * of_residual.columns);

      INFO("layers " << config.layers << " kind " << int(config.attention[0]) << " embedded "
                     << config.embedded_size << " MLP " << config.mlp_size << " norm " << config.layer_norm);
      CHECK(test::gradient_error(model.parameters, parameter_gradient, loss) < 1e-6);
      if (config.embedded_size == 0) CHECK(test::gradient_error(model.tokens, token_gradient, loss) < 1e-6);
    }
  }
}

TEST_CASE("the gradients of several tiles are added up, whatever the model is made of", "[model]") {
  for (const ModelConfig& config : all_configs()) {
    const RandomModel model(config, 2);
    Workspace<double> workspace(model.model, 2);
    model.loss(workspace);
    const std::vector<double> once = model.gradient(workspace);
    const std::vector<double> twice = model.gradient(workspace, once);
    INFO("layers " << config.layers << " kind " << int(config.attention[0]) << " embedded "
                   << config.embedded_size << " MLP " << config.mlp_size << " norm " << config.layer_norm);
    double worst = 0;
    for (std::size_t i = 0; i < once.size(); ++i)
      worst = test::worse(worst, std::abs(twice[i] - 2 * once[i]));
    CHECK(worst < 1e-11);
  }
}

TEST_CASE("a tile that is not full gives the same predictions", "[model]") {
  RandomModel model(small_config(2), 1);
  Workspace<double> exact(model.model, 1);
  Workspace<double> roomy(model.model, 3);
  roomy.set_sequences(1);
  CHECK(model.loss(roomy) == model.loss(exact));
}

TEST_CASE("a model predicts from the past only", "[model]") {
  RandomModel model(small_config(2), 1);
  Workspace<double> workspace(model.model, 1);
  const auto last_residual = [&] {
    model.loss(workspace);
    const MatrixView<double> residual = workspace.residual(model.config.layers);
    return std::vector<double>(residual.data,
                               residual.data + std::ptrdiff_t(residual.rows) * residual.columns);
  };
  const std::vector<double> before = last_residual();
  const int changed = 3;
  for (int i = 0; i < model.config.width; ++i)
    model.tokens[std::size_t(changed) * model.config.width + i] += 1;
  const std::vector<double> after = last_residual();
  const auto start = std::ptrdiff_t(changed) * model.config.width;
  CHECK(std::equal(before.begin(), before.begin() + start, after.begin()));
  CHECK(before != after);
}

TEST_CASE("Proposition 1: one linear layer can be one step of gradient descent", "[model]") {
  // Tokens (0, 0, s_t, s_{t-1}): the query reads s_t, the key s_{t-1}, the value s_t, and eta times the value
  // is added to the prediction's channels. Oracle: gradient descent written out in src/reference.
  constexpr int kSize = 10;
  constexpr float kEta = 0.03F;
  const ModelConfig config{
      .positions = 50, .width = 4 * kSize, .output_size = kSize, .heads = 1, .key_size = kSize};
  const ParameterTable table(config);
  std::vector<float> parameters(table.size, 0);
  const AttentionWeights<float> weights = table.weights(parameters.data()).layers[0].attention;
  for (int i = 0; i < kSize; ++i) {
    weights.query(2 * kSize + i, i) = 1;
    weights.key(3 * kSize + i, i) = 1;
    weights.value(2 * kSize + i, i) = 1;
    weights.output(i, i) = kEta;
  }
  const Predictor model = model_predictor(config, TokenKind::constructed_masked, parameters);
  const Predictor descent = gradient_descent(kEta);
  for (const RowMatrix& states : draw_sequences({}, 11, RandomPurpose::held_out, 20)) {
    CHECK((model(states) - descent(states)).cwiseAbs().maxCoeff() < 1e-5);
  }
}

TEST_CASE("Proposition 2: linear layers can precondition step by step and then descend", "[model]") {
  // Tokens (0, s_t, s_t, s_{t-1}). In every layer one head subtracts A r / c from the third block, which
  // holds r, where A = S_{t-1} S_{t-1}^T is the sum over the keys s_{t'-1}; so r_k = (I - A / c)^k s_t.
  // Another head adds the descent step from r_k, sum s_t' (s_{t'-1} . r_k) / c, to the prediction's channels,
  // with values s_t' from the second block. Together they are the Neumann series. Oracle: its direct
  // evaluation in src/reference.
  constexpr int kSize = 10;
  constexpr double kNorm = 60;
  for (const int layers : {1, 2, 5, 8}) {
    const ModelConfig config{.positions = 50,
                             .width = 4 * kSize,
                             .output_size = kSize,
                             .layers = layers,
                             .heads = 2,
                             .key_size = kSize};
    const ParameterTable table(config);
    std::vector<double> parameters(table.size, 0);
    const ModelWeights<double> weights = table.weights(parameters.data());
    for (const LayerWeights<double>& layer : weights.layers) {
      const AttentionWeights<double>& attention = layer.attention;
      for (int i = 0; i < kSize; ++i) {
        for (const int head : {0, 1}) {
          attention.query(2 * kSize + i, head * kSize + i) = 1;
          attention.key(3 * kSize + i, head * kSize + i) = 1;
        }
        attention.value(3 * kSize + i, i) = 1;
        attention.output(i, 2 * kSize + i) = -1 / kNorm;
        attention.value(kSize + i, kSize + i) = 1;
        attention.output(kSize + i, i) = 1 / kNorm;
      }
    }
    const Predictor series = neumann(kNorm, layers - 1, ContextPairs::all, 1e-300);
    test::CompletePass<double> pass(config);
    for (const RowMatrix& states : draw_sequences({}, 11, RandomPurpose::held_out, 20)) {
      pass.run(TokenKind::constructed, states, parameters);
      const MatrixView<double> predictions = pass.workspace.predictions();
      const RowMatrix expected = series(states);
      double distance = 0;
      for (int t = 0; t < 50; ++t) {
        for (int i = 0; i < kSize; ++i)
          distance = std::max(distance, std::abs(predictions(t, i) - expected(t, i)));
      }
      INFO(layers << " layers, largest prediction " << expected.cwiseAbs().maxCoeff());
      CHECK(distance < 1e-10);
    }
  }
}

}  // namespace mesa
