#include "cli/commands.h"
#include "cli/json_output.h"
#include "cli/run_options.h"
#include "core/error.h"

namespace mesa {
namespace {

Json matrix_json(const RowMatrix& matrix) {
  Json rows = Json::array();
  for (Eigen::Index i = 0; i < matrix.rows(); ++i) {
    rows.push_back(std::vector<double>(matrix.row(i).begin(), matrix.row(i).end()));
  }
  return rows;
}

Json product_json(const RowMatrix& product, int observation_size) {
  Json json = {{"entries", matrix_json(product)},
               {"share_above_1_percent", share_above(product, 0.01)},
               {"share_above_10_percent", share_above(product, 0.1)}};
  if (product.rows() % observation_size == 0) {
    json["block_diagonal_means"] = matrix_json(block_diagonal_means(product, observation_size));
  }
  return json;
}

Json analyze_weights(const Experiment& experiment) {
  const ModelConfig& model = experiment.config().model;
  Json heads = Json::array();
  for (int layer = 0; layer < model.layers; ++layer) {
    for (int head = 0; head < model.heads; ++head) {
      const WeightProducts products = experiment.weight_products(layer, head);
      heads.push_back({{"layer", layer},
                       {"head", head},
                       {"query_key", product_json(products.query_key, model.output_size)},
                       {"value_output", product_json(products.value_output, model.output_size)}});
    }
  }
  return {{"heads", std::move(heads)}};
}

Json analyze_compression(Experiment& experiment) {
  const CompressionResult result = experiment.compress(std::vector<double>{0, 0.25, 0.5, 0.75, 1});
  Json losses = Json::array();
  Json errors = Json::array();
  for (const LossCurve& loss : result.loss) {
    losses.push_back(loss.mean);
    errors.push_back(loss.standard_error);
  }
  return {{"numbers", {{"trained", result.trained_size}, {"compressed", result.compressed_size}}},
          {"share_of_trained", result.shares},
          {"loss", std::move(losses)},
          {"standard_error", std::move(errors)}};
}

}  // namespace

int analyze_command(const AnalyzeOptions& options, std::ostream& out) {
  if (options.kind != "weights" && options.kind != "compress") {
    throw Error("KIND", "expected weights or compress, got " + options.kind);
  }
  Experiment experiment =
      experiment_from(options.checkpoint, parse_settings(options.settings), options.threads);
  JsonOutput output(options.out, out);
  Json json = result_json("mesa-analysis", experiment.config());
  json["kind"] = options.kind;
  json["step"] = experiment.step();
  json["result"] = options.kind == "weights" ? analyze_weights(experiment) : analyze_compression(experiment);
  output.write(json);
  return 0;
}

}  // namespace mesa
