#include "fixture.h"

#include <span>
#include <vector>

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
  explicit Batch(const Config& config) : activations(config.model, config.training.batch_size) {
    const ModelConfig& model = config.model;
    std::vector<float> states(std::size_t(model.positions + 1) * model.output_size);
    const MatrixView<float> view(states.data(), model.positions + 1, model.output_size);
    for (int n = 0; n < config.training.batch_size; ++n) {
      RandomStream random(config.seed, RandomPurpose::training, 0, std::uint32_t(n));
      generate_sequence(config.task, random, view);
      write_tokens(config.tokens, read_only(view), activations.tokens(n));
      labels.insert(labels.end(), states.begin() + model.output_size, states.end());
    }
  }

  double loss(const std::vector<float>& parameters) {
    const ModelConfig& model = activations.config;
    forward(ParameterTable(model), parameters.data(), activations);
    double sum = 0;
    for (int n = 0; n < activations.sequences(); ++n) {
      const float* label = labels.data() + std::ptrdiff_t(n) * model.positions * model.output_size;
      sum += squared_error(read_only(activations.predictions(n)),
                           MatrixView<const float>(label, model.positions, model.output_size));
    }
    return sum / activations.rows;
  }

  Activations<float> activations;
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
          {"tokens", numbers(read_only(batch.activations.residual(0)))},
          {"labels", batch.labels},
          {"loss", batch.loss(parameters)},
          {"loss_after", batch.loss(trainer.state().model.parameters)}};
}

}  // namespace mesa
