#include "fixture.h"

#include <span>
#include <vector>

#include "model/transformer.h"
#include "train/loss.h"
#include "train/trainer.h"

namespace mesa {
namespace {

using nlohmann::json;

std::vector<float> numbers(MatrixView<const float> contiguous) {
  return {contiguous.data, contiguous.data + std::ptrdiff_t(contiguous.rows) * contiguous.columns};
}

/// The batch of the first step, all in one tile.
struct Batch {
  explicit Batch(const Config& config)
      : model(complete_model(config.model)), workspace(model, config.training.batch_size, Passes::forward) {
    const int size = config.model.output_size;
    std::vector<float> states(std::size_t(config.model.positions + 1) * size);
    const MatrixView<float> view(states.data(), config.model.positions + 1, size);
    for (int n = 0; n < config.training.batch_size; ++n) {
      RandomStream random(config.seed, RandomPurpose::training, 0, std::uint32_t(n));
      generate_sequence(config.task, random, view);
      write_tokens(config.tokens, read_only(view), workspace.tokens(n));
      labels.insert(labels.end(), states.begin() + size, states.end());
    }
  }

  double loss(const std::vector<float>& parameters) {
    forward(model, model.own.weights(parameters.data()), workspace);
    const MatrixView<const float> predictions = workspace.predictions();
    const MatrixView<const float> targets(labels.data(), predictions.rows, predictions.columns);
    return squared_error(predictions, targets) / predictions.rows;
  }

  CompiledModel model;
  Workspace<float> workspace;
  std::vector<float> labels;  ///< [B, T, d]
};

json layers_json(const ModelConfig& model, const std::vector<float>& parameters) {
  json layers = json::array();
  for (const LayerWeights<const float>& layer : ParameterTable(model).weights(parameters.data()).layers) {
    const AttentionWeights<const float>& attention = layer.attention;
    layers.push_back({{"query", numbers(attention.query)},
                      {"key", numbers(attention.key)},
                      {"value", numbers(attention.value)},
                      {"output", numbers(attention.output)}});
  }
  return layers;
}

}  // namespace

json make_fixture(const BenchmarkCase& benchmark) {
  const Config config =
      make_config(benchmark, {{"initial_scale", "0.05"}, {"learning_rate", "0.003"}, {"warmup_steps", "0"}});
  const ModelConfig& model = config.model;
  const TrainingConfig& training = config.training;
  Trainer trainer(config.task, config.tokens, model, training, config.seed, 1);
  const std::vector<float> parameters = trainer.state().model.parameters;
  trainer.step();
  Batch batch(config);
  return {{"name", benchmark.name},
          {"layers", model.layers},
          {"heads", model.heads},
          {"key_size", model.key_size},
          {"width", model.width},
          {"positions", model.positions},
          {"output_size", model.output_size},
          {"batch_size", training.batch_size},
          {"residual_limit", model.residual_limit},
          {"learning_rate", training.learning_rate},
          {"weight_decay", training.weight_decay},
          {"gradient_limit", training.gradient_limit},
          {"parameters", layers_json(model, parameters)},
          {"tokens", numbers(read_only(batch.workspace.residual(0)))},
          {"labels", batch.labels},
          {"loss", batch.loss(parameters)},
          {"loss_after", batch.loss(trainer.state().model.parameters)}};
}

}  // namespace mesa
