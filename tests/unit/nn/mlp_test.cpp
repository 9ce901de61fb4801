#include "nn/mlp.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "gradient_check.h"
#include "random_numbers.h"

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

}  // namespace mesa
