#include "nn/layer_norm.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "gradient_check.h"
#include "random_numbers.h"
#include "worse_error.h"

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

TEST_CASE("layer normalisation and its gradients keep their digits in float at odd sizes", "[nn]") {
  constexpr int kRows = 5;
  // Not of two channels, of which nothing but their order is left, so that their gradient is nearly zero.
  for (const int width : {3, 5, 7, 8, 9, 15, 16, 17, 31, 33}) {
    const auto input = test::normal_numbers<float>(std::size_t(kRows) * width, 1, 3);
    const auto scale = test::normal_numbers<float>(std::size_t(width), 2);
    const auto direction = test::normal_numbers<float>(input.size(), 3);
    // What is there already is added to.
    const auto before = test::normal_numbers<float>(input.size(), 4);
    std::vector<double> expected;
    std::vector<double> expected_input_gradient;
    std::vector<double> expected_scale_gradient(before.begin(), before.begin() + width);
    for (int r = 0; r < kRows; ++r) {
      const float* x = &input[std::size_t(r) * width];
      const float* g = &direction[std::size_t(r) * width];
      double mean = 0;
      double variance = 0;
      for (int i = 0; i < width; ++i) mean += double(x[i]) / width;
      for (int i = 0; i < width; ++i) variance += (x[i] - mean) * (x[i] - mean) / width;
      const double deviation = std::sqrt(variance + 1e-5);
      for (int i = 0; i < width; ++i) {
        expected.push_back(scale[std::size_t(i)] * (x[i] - mean) / deviation);
        expected_scale_gradient[std::size_t(i)] += g[i] * (x[i] - mean) / deviation;
        // Through each output j by itself: d y_j / d x_i.
        double sum = before[std::size_t(r) * width + i];
        for (int j = 0; j < width; ++j) {
          const double slope = (i == j ? 1 : 0) - 1.0 / width -
                               (x[i] - mean) * (x[j] - mean) / (width * deviation * deviation);
          sum += double(g[j]) * scale[std::size_t(j)] * slope / deviation;
        }
        expected_input_gradient.push_back(sum);
      }
    }

    ArenaBlock<float> block(3 * (kRows * width + 16));
    Arena<float> arena = block.arena();
    const LayerNormActivations<float> activations(kRows, width, arena);
    std::vector<float> input_gradient = before;
    std::vector<float> scale_gradient(before.begin(), before.begin() + width);
    layer_norm_forward<float>({input.data(), kRows, width}, {scale.data(), 1, width}, activations);
    layer_norm_backward<float>({scale.data(), 1, width}, activations, {direction.data(), kRows, width},
                               {input_gradient.data(), kRows, width}, {scale_gradient.data(), 1, width});
    INFO("D " << width);
    // Measured: 1.0.
    const std::vector<float> output(activations.output.data, activations.output.data + input.size());
    CHECK(test::roundings_off(output, expected) < 2);
    CHECK(test::roundings_off(input_gradient, expected_input_gradient) < 2);
    CHECK(test::roundings_off(scale_gradient, expected_scale_gradient) < 2);
  }
}

TEST_CASE("a row of equal numbers is normalised to zeros", "[nn]") {
  const std::vector<float> input(9, 4.F);
  const std::vector<float> scale(9, 2.F);
  ArenaBlock<float> block(100);
  Arena<float> arena = block.arena();
  const LayerNormActivations<float> activations(1, 9, arena);
  layer_norm_forward<float>({input.data(), 1, 9}, {scale.data(), 1, 9}, activations);
  for (int i = 0; i < 9; ++i) CHECK(activations.output(0, i) == 0);
}

}  // namespace mesa
