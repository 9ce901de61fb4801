#include "train/loss.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "random_numbers.h"

namespace mesa {

TEST_CASE("the loss and its gradient are those of the definition, at every width", "[train]") {
  constexpr int kPositions = 7;
  for (int width = 1; width < 40; ++width) {
    const int stride = width + 3;  // of predictions, which have more channels than are read
    const auto guesses = test::normal_numbers<float>(std::size_t(kPositions) * stride, 1);
    const auto numbers = test::normal_numbers<float>(std::size_t(kPositions) * width, 2);
    const MatrixView<const float> predictions(guesses.data(), kPositions, width, stride);
    const MatrixView<const float> labels(numbers.data(), kPositions, width);
    std::vector<float> gradient(std::size_t(kPositions) * stride, -1);
    squared_error_gradient(predictions, labels, 2.F, {gradient.data(), kPositions, width, stride});

    double of_predictions = 0;
    double of_zero = 0;
    for (int t = 0; t < kPositions; ++t) {
      for (int j = 0; j < width; ++j) {
        of_predictions += std::pow(double(predictions(t, j)) - labels(t, j), 2) / 2;
        of_zero += std::pow(double(labels(t, j)), 2) / 2;
        CHECK(gradient[std::size_t(t * stride + j)] == (predictions(t, j) - labels(t, j)) * 2);
      }
      for (int j = width; j < stride; ++j) CHECK(gradient[std::size_t(t * stride + j)] == -1);
    }
    CHECK(squared_error(predictions, labels) == Approx(of_predictions).epsilon(1e-6));
    CHECK(zero_squared_error(labels) == Approx(of_zero).epsilon(1e-6));
  }
}

}  // namespace mesa
