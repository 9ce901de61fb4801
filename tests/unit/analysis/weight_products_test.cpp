#include "analysis/weight_products.h"

#include <catch2/catch.hpp>

#include "random_numbers.h"

namespace mesa {

TEST_CASE("weight products are those of one head of one layer", "[analysis]") {
  const ModelConfig config{.width = 6, .layers = 2, .heads = 3, .key_size = 2};
  const ParameterTable table(config);
  const std::vector<float> parameters = test::normal_numbers<float>(table.size, 1);
  const int layer = 1;
  const int head = 2;
  const WeightProducts products = weight_products(config, parameters, layer, head);
  const auto weights = table.weights(parameters.data()).layers[layer].attention;
  for (int i = 0; i < config.width; ++i) {
    for (int j = 0; j < config.width; ++j) {
      double query_key = 0;
      double value_output = 0;
      for (int k = head * config.key_size; k < (head + 1) * config.key_size; ++k) {
        query_key += double(weights.query(i, k)) * weights.key(j, k);
        value_output += double(weights.value(i, k)) * weights.output(k, j);
      }
      CHECK(products.query_key(i, j) == Approx(query_key));
      CHECK(products.value_output(i, j) == Approx(value_output));
    }
  }
}

TEST_CASE("summaries of a product count large entries and average diagonals of blocks", "[analysis]") {
  RowMatrix product(4, 4);
  product << 1, 9, 3, 0,  //
      9, 2, 0, 5,         //
      0, 0, -10, 0,       //
      0, 0, 0, 0.5;
  CHECK(share_above(product, 0.1) == Approx(6 / 16.0));
  CHECK(share_above(product, 0.01) == Approx(8 / 16.0));
  RowMatrix expected(2, 2);
  expected << 1.5, 4, 0, -4.75;
  CHECK(block_diagonal_means(product, 2) == expected);
}

}  // namespace mesa
