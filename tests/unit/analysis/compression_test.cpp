#include "analysis/compression.h"

#include <catch2/catch.hpp>

#include "evaluate/in_context_loss.h"
#include "evaluate/model_predictor.h"
#include "random_numbers.h"

namespace mesa {
namespace {

const ModelConfig kModel{
    .positions = 8, .width = 12, .output_size = 3, .layers = 2, .heads = 2, .key_size = 5};

RowMatrix some_states() {
  return draw_sequences({.observation_size = 3, .sequence_length = 8}, 4, RandomPurpose::held_out, 1)[0];
}

RowMatrix predictions(const ProductModel& model) {
  return model_predictor(model.model, TokenKind::constructed, model.parameters)(some_states());
}

}  // namespace

TEST_CASE("a model and its products make the same predictions", "[analysis]") {
  const ParameterTable table(kModel);
  const std::vector<float> parameters = test::normal_numbers<float>(table.size, 1, 0.3F);
  const RowMatrix direct = model_predictor(kModel, TokenKind::constructed, parameters)(some_states());
  const RowMatrix through_products = predictions(trained_products(kModel, parameters));
  CHECK((through_products - direct).cwiseAbs().maxCoeff() < 1e-4 * direct.cwiseAbs().maxCoeff());
}

TEST_CASE("compression keeps the mean of each block's diagonal and nothing else", "[analysis]") {
  const ParameterTable table(kModel);
  const std::vector<float> parameters = test::normal_numbers<float>(table.size, 1);
  const ProductModel trained = trained_products(kModel, parameters);
  const ProductModel compressed = compressed_products(kModel, parameters);
  const int head = 1;
  const int layer = 1;
  const auto attention = [&](const ProductModel& model) {
    return trained.model.fused.weights(model.parameters.data()).layers[layer].attention;
  };
  const auto check = [](const MatrixView<const float>& before, const MatrixView<const float>& after) {
    for (int row = 0; row < 12; ++row) {
      for (int column = 0; column < 12; ++column) {
        double expected = 0;
        if (row % 3 == column % 3) {
          for (int i = 0; i < 3; ++i) {
            expected += before(row / 3 * 3 + i, column / 3 * 3 + i) / 3;
          }
        }
        CHECK(after(row, column) == Approx(expected).margin(1e-6));
      }
    }
  };
  const AttentionWeights<const float> before = attention(trained);
  const AttentionWeights<const float> after = attention(compressed);
  check(before.query.column_range(head * 12, 12), after.query.column_range(head * 12, 12));
  check(before.output.row_range(head * 12, 12), after.output.row_range(head * 12, 12));
  CHECK(compressed_size(kModel) == 2 * 2 * 2 * 16);
}

TEST_CASE("a model of multiples of the identity is its own compression", "[analysis]") {
  // Keys and values are the identity, K = D; queries and outputs consist of blocks that are multiples of it.
  ModelConfig model = kModel;
  model.key_size = model.width;
  const ParameterTable table(model);
  std::vector<float> parameters(table.size, 0);
  const auto weights = table.weights(parameters.data());
  const std::vector<float> multiples = test::normal_numbers<float>(64, 3, 0.3F);
  std::size_t next = 0;
  for (const LayerWeights<float>& layer : weights.layers) {
    const AttentionWeights<float>& attention = layer.attention;
    for (int head = 0; head < model.heads; ++head) {
      const int first = head * model.width;
      for (int i = 0; i < model.width; ++i) attention.key(i, first + i) = attention.value(i, first + i) = 1;
      for (int block = 0; block < 16; ++block, ++next) {
        for (int i = 0; i < 3; ++i) {
          attention.query(block / 4 * 3 + i, first + block % 4 * 3 + i) = multiples[next];
          attention.output(first + block / 4 * 3 + i, block % 4 * 3 + i) = -multiples[next];
        }
      }
    }
  }
  const ProductModel trained = trained_products(model, parameters);
  const ProductModel compressed = compressed_products(model, parameters);
  REQUIRE(predictions(trained).cwiseAbs().maxCoeff() > 0);
  for (std::size_t i = 0; i < trained.parameters.size(); ++i) {
    REQUIRE(compressed.parameters[i] == Approx(trained.parameters[i]).margin(1e-6));
  }
}

TEST_CASE("interpolation goes from the compressed to the trained model", "[analysis]") {
  const ParameterTable table(kModel);
  const std::vector<float> parameters = test::normal_numbers<float>(table.size, 1, 0.3F);
  const ProductModel trained = trained_products(kModel, parameters);
  const ProductModel compressed = compressed_products(kModel, parameters);
  CHECK(interpolate(trained, compressed, 1).parameters == trained.parameters);
  CHECK(interpolate(trained, compressed, 0).parameters == compressed.parameters);
  const ProductModel between = interpolate(trained, compressed, 0.25);
  CHECK(between.parameters[7] == Approx(0.25 * trained.parameters[7] + 0.75 * compressed.parameters[7]));
}

}  // namespace mesa
