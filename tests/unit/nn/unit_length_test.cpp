#include "nn/unit_length.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "random_numbers.h"
#include "worse_error.h"

namespace mesa {
namespace {

/// Compares with the definition in double. The vectors [T, K] are part of wider rows, whose rest must not
/// change.
template <class Scalar>
void check_unit_length(int size) {
  constexpr int kCount = 5;
  const int stride = size + 3;
  const auto numbers = test::normal_numbers<Scalar>(std::size_t(kCount) * stride, 1);
  const auto gradients = test::normal_numbers<Scalar>(std::size_t(kCount) * stride, 2);
  std::vector<double> unit(numbers.begin(), numbers.end());
  std::vector<double> expected_gradient(gradients.begin(), gradients.end());
  std::vector<double> expected_lengths;
  for (int t = 0; t < kCount; ++t) {
    const Scalar* x = &numbers[std::size_t(t) * stride];
    const Scalar* g = &gradients[std::size_t(t) * stride];
    double squares = 1e-12;
    double along = 0;
    for (int i = 0; i < size; ++i) squares += double(x[i]) * double(x[i]);
    for (int i = 0; i < size; ++i) along += double(x[i]) * double(g[i]);
    expected_lengths.push_back(std::sqrt(squares));
    for (int i = 0; i < size; ++i) {
      unit[std::size_t(t) * stride + i] = x[i] / expected_lengths.back();
      expected_gradient[std::size_t(t) * stride + i] =
          (g[i] - x[i] * along / squares) / expected_lengths.back();
    }
  }

  std::vector<Scalar> vectors = numbers;
  std::vector<Scalar> lengths(kCount);
  std::vector<Scalar> gradient = gradients;
  const MatrixView<Scalar> view(vectors.data(), kCount, size, stride);
  unit_length_forward<Scalar>(view, {lengths.data(), kCount, 1});
  unit_length_backward<Scalar>(view, {lengths.data(), kCount, 1}, {gradient.data(), kCount, size, stride});
  INFO("K " << size);
  // Measured: 0.8.
  CHECK(test::roundings_off(vectors, unit) < 2);
  CHECK(test::roundings_off(lengths, expected_lengths) < 2);
  // A vector of one number has nothing but a length.
  if (size > 1) CHECK(test::roundings_off(gradient, expected_gradient) < 2);
}

}  // namespace

TEST_CASE("vectors of unit length and their gradients are those of the definition, at odd sizes", "[nn]") {
  for (const int size : {1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 33}) {
    check_unit_length<float>(size);
    check_unit_length<double>(size);
  }
}

TEST_CASE("a vector of zeros stays that", "[nn]") {
  std::vector<float> vector(9);
  std::vector<float> length(1);
  unit_length_forward<float>({vector.data(), 1, 9}, {length.data(), 1, 1});
  CHECK(vector == std::vector<float>(9));
  CHECK(length[0] == Approx(1e-6));
}

}  // namespace mesa
