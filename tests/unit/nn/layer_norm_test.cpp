#include "nn/layer_norm.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "gradient_check.h"
#include "random_numbers.h"

namespace mesa {

TEST_CASE("layer normalisation gives rows of mean 0 and variance 1, times the scale", "[nn]") {
  const auto input = test::normal_numbers<double>(21, 1, 3);
  const std::vector<double> scale = {1, 1, 1, 2, 1, 1, 1};
  ArenaBlock<double> block(100);
  Arena<double> arena = block.arena();
  const LayerNormActivations<double> activations(3, 7, arena);
  layer_norm_forward<double>({input.data(), 3, 7}, {scale.data(), 1, 7}, activations);
  for (int row = 0; row < 3; ++row) {
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < 7; ++i) {
      sum += activations.normalised(row, i);
      squares += activations.normalised(row, i) * activations.normalised(row, i);
    }
    CHECK(sum == Approx(0).margin(1e-12));
    CHECK(squares / 7 == Approx(1).epsilon(1e-4));
    CHECK(activations.output(row, 3) == 2 * activations.normalised(row, 3));
  }
}

TEST_CASE("layer normalisation's gradients equal central differences", "[nn]") {
  for (const int width : {2, 3, 8, 13}) {
    constexpr int kRows = 4;
    auto input = test::normal_numbers<double>(std::size_t(kRows) * width, 1);
    auto scale = test::normal_numbers<double>(std::size_t(width), 2);
    const auto direction = test::normal_numbers<double>(input.size(), 3);
    ArenaBlock<double> block(3 * (kRows * 13 + 8));
    Arena<double> arena = block.arena();
    const LayerNormActivations<double> activations(kRows, width, arena);
    const auto loss = [&] {
      layer_norm_forward<double>({input.data(), kRows, width}, {scale.data(), 1, width}, activations);
      double sum = 0;
      for (std::size_t i = 0; i < direction.size(); ++i) sum += activations.output.data[i] * direction[i];
      return sum;
    };
    loss();
    std::vector<double> input_gradient(input.size(), 0);
    std::vector<double> scale_gradient(scale.size(), 0);
    layer_norm_backward<double>({scale.data(), 1, width}, activations, {direction.data(), kRows, width},
                                {input_gradient.data(), kRows, width}, {scale_gradient.data(), 1, width});
    CHECK(test::gradient_error(input, input_gradient, loss) < 1e-6);
    CHECK(test::gradient_error(scale, scale_gradient, loss) < 1e-6);
  }
}

}  // namespace mesa
