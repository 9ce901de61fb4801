#include "nn/clip.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "random_numbers.h"

namespace mesa {

TEST_CASE("clipping bounds values and stops the gradients of clipped ones", "[nn]") {
  std::vector<float> values = {-5, -1, 0, 1, 5, 2};
  std::vector<float> gradient = {1, 2, 3, 4, 5, 6};
  clip_forward<float>({values.data(), 2, 3}, 2);
  clip_backward<float>({values.data(), 2, 3}, 2, {gradient.data(), 2, 3});
  CHECK(values == std::vector<float>{-2, -1, 0, 1, 2, 2});
  CHECK(gradient == std::vector<float>{0, 2, 3, 4, 0, 0});
}

TEST_CASE("clipping single numbers equals clipping vectors", "[nn]") {
  constexpr int kRows = 3;
  constexpr float kLimit = 0.5F;
  for (int columns = 1; columns < 40; ++columns) {
    const int stride = columns + 2;
    const auto numbers = test::normal_numbers<float>(std::size_t(kRows) * stride, 1);
    const auto gradients = test::normal_numbers<float>(std::size_t(kRows) * stride, 2);
    std::vector<float> clipped = numbers;
    std::vector<float> gradient = gradients;
    clip_forward<float>({clipped.data(), kRows, columns, stride}, kLimit);
    clip_backward<float>({clipped.data(), kRows, columns, stride}, kLimit,
                         {gradient.data(), kRows, columns, stride});
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const bool is_outside = int(i) % stride >= columns;  // outside of the matrix
      CHECK(clipped[i] == (is_outside ? numbers[i] : std::clamp(numbers[i], -kLimit, kLimit)));
      CHECK(gradient[i] == (is_outside || std::abs(numbers[i]) < kLimit ? gradients[i] : 0));
    }
  }
}

TEST_CASE("NaN stays NaN, so that training sees it", "[nn]") {
  std::vector<float> values = {NAN, 1, 2, 3, NAN};
  clip_forward<float>({values.data(), 1, 5}, 2);
  CHECK(std::isnan(values[0]));
  CHECK(std::isnan(values[4]));
}

TEST_CASE("limit 0 means no clipping", "[nn]") {
  std::vector<float> values = {-5, 5};
  std::vector<float> gradient = {1, 2};
  clip_forward<float>({values.data(), 1, 2}, 0);
  clip_backward<float>({values.data(), 1, 2}, 0, {gradient.data(), 1, 2});
  CHECK(values == std::vector<float>{-5, 5});
  CHECK(gradient == std::vector<float>{1, 2});
}

}  // namespace mesa
