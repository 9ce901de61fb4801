#include "nn/mlp.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "gradient_check.h"
#include "random_numbers.h"
#include "worse_error.h"

namespace mesa {

TEST_CASE("the MLP equals its definition and its gradients equal central differences", "[nn]") {
  for (const auto& [rows, width, size] : {std::array{1, 1, 1}, std::array{5, 3, 7}, std::array{6, 8, 13}}) {
    auto input = test::normal_numbers<double>(std::size_t(rows) * width, 1);
    auto weights = test::normal_numbers<double>(std::size_t(2) * width * size, 2);
    const auto direction = test::normal_numbers<double>(input.size(), 3);
    const auto views = [&, width = width, size = size]<class Scalar>(Scalar* buffer) {
      return MlpWeights<Scalar>{{buffer, width, size}, {buffer + std::ptrdiff_t(width) * size, size, width}};
    };
    ArenaBlock<double> block(4.0 * (rows * size + 8));
    Arena<double> arena = block.arena();
    const MlpActivations<double> activations(rows, size, arena);
    const MlpActivations<double> gradients(rows, size, arena);
    std::vector<double> output;
    const auto loss = [&, rows = rows, width = width] {
      output = input;
      mlp_forward<double>({input.data(), rows, width}, views(std::as_const(weights).data()), activations,
                          {output.data(), rows, width});
      double sum = 0;
      for (std::size_t i = 0; i < output.size(); ++i) sum += output[i] * direction[i];
      return sum;
    };

    loss();
    for (int r = 0; r < rows; ++r) {
      for (int i = 0; i < width; ++i) {
        double expected = input[std::size_t(r) * width + i];
        for (int m = 0; m < size; ++m) {
          double hidden = 0;
          for (int j = 0; j < width; ++j)
            hidden += input[std::size_t(r) * width + j] * weights[std::size_t(j) * size + m];
          const double gelu = hidden * std::erfc(-hidden / std::sqrt(2.0)) / 2;
          expected += gelu * weights[std::size_t(width) * size + std::size_t(m) * width + i];
        }
        CHECK(output[std::size_t(r) * width + i] == Approx(expected).margin(1e-12));
      }
    }

    std::vector<double> input_gradient = direction;
    std::vector<double> weight_gradient(weights.size(), 0);
    const MatrixView<double> gradient_view(input_gradient.data(), rows, width);
    mlp_backward<double>({input.data(), rows, width}, views(std::as_const(weights).data()), activations,
                         read_only(gradient_view), gradient_view, views(weight_gradient.data()), gradients);
    CHECK(test::gradient_error(input, input_gradient, loss) < 1e-6);
    CHECK(test::gradient_error(weights, weight_gradient, loss) < 1e-6);
  }
}

TEST_CASE("the MLP and its gradients keep their digits in float at odd sizes", "[nn]") {
  for (const auto& [rows, width, size] :
       {std::array{1, 1, 1}, std::array{3, 5, 7}, std::array{1, 9, 17}, std::array{5, 3, 9},
        std::array{7, 17, 3}, std::array{2, 16, 8}, std::array{9, 31, 33}, std::array{17, 33, 31}}) {
    const auto input = test::normal_numbers<float>(std::size_t(rows) * width, 1);
    const auto weights = test::normal_numbers<float>(std::size_t(2) * width * size, 2);
    const auto direction = test::normal_numbers<float>(input.size(), 3);
    const auto views = [&, width = width, size = size]<class Scalar>(Scalar* buffer) {
      return MlpWeights<Scalar>{{buffer, width, size}, {buffer + std::ptrdiff_t(width) * size, size, width}};
    };
    const MatrixView<const float> input_view(input.data(), rows, width);
    const MatrixView<const float> direction_view(direction.data(), rows, width);
    const auto w = views(weights.data());

    // The definition and its chain rule, in double.
    std::vector<double> expected(input.size());
    std::vector<double> expected_input_gradient(input.size());
    std::vector<double> expected_weight_gradient(weights.size());
    const auto expected_w = views(expected_weight_gradient.data());
    for (int r = 0; r < rows; ++r) {
      for (int m = 0; m < size; ++m) {
        double hidden = 0;
        double activated_gradient = 0;
        for (int i = 0; i < width; ++i) {
          hidden += double(input_view(r, i)) * w.input(i, m);
          activated_gradient += double(direction_view(r, i)) * w.output(m, i);
        }
        const double below = std::erfc(-hidden / std::sqrt(2.0)) / 2;
        const double density = std::exp(-hidden * hidden / 2) / std::sqrt(2 * std::acos(-1.0));
        const double hidden_gradient = activated_gradient * (below + hidden * density);
        for (int i = 0; i < width; ++i) {
          expected[std::size_t(r) * width + i] += hidden * below * w.output(m, i);
          expected_input_gradient[std::size_t(r) * width + i] += hidden_gradient * w.input(i, m);
          expected_w.input(i, m) += hidden_gradient * input_view(r, i);
          expected_w.output(m, i) += hidden * below * direction_view(r, i);
        }
      }
    }

    ArenaBlock<float> block(4.0 * (rows * size + 16));
    Arena<float> arena = block.arena();
    const MlpActivations<float> activations(rows, size, arena);
    const MlpActivations<float> gradients(rows, size, arena);
    std::vector<float> output(input.size());
    std::vector<float> input_gradient(input.size());
    std::vector<float> weight_gradient(weights.size());
    mlp_forward<float>(input_view, w, activations, {output.data(), rows, width});
    mlp_backward<float>(input_view, w, activations, direction_view, {input_gradient.data(), rows, width},
                        views(weight_gradient.data()), gradients);
    INFO("R " << rows << " D " << width << " M " << size);
    // Measured: 2.1, most of which is the 3e-7 that the normal distribution is off.
    CHECK(test::roundings_off(output, expected) < 3);
    CHECK(test::roundings_off(input_gradient, expected_input_gradient) < 3);
    CHECK(test::roundings_off(weight_gradient, expected_weight_gradient) < 3);
  }
}

}  // namespace mesa
