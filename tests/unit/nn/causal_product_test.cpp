#include "nn/causal_product.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "core/matrix_product.h"
#include "random_numbers.h"
#include "worse_error.h"

namespace mesa {
namespace {

/// Compares all products with plain loops, for `count` positions that see `past` earlier ones.
template <class Scalar>
void check_products(int past, int count, int size) {
  const int seen = past + count;
  const auto left_numbers = test::normal_numbers<Scalar>(std::size_t(count) * size, 1);
  const auto right_numbers = test::normal_numbers<Scalar>(std::size_t(seen) * size, 2);
  const auto before = test::normal_numbers<Scalar>(std::size_t(seen) * size, 3);
  const MatrixView<const Scalar> left(left_numbers.data(), count, size);
  const MatrixView<const Scalar> right(right_numbers.data(), seen, size);

  std::vector<double> expected_scores(std::size_t(count) * seen);
  std::vector<double> expected(std::size_t(count) * size);
  std::vector<double> expected_back(std::size_t(seen) * size);
  std::vector<double> expected_sum(before.begin(), before.end());
  for (int t = 0; t < count; ++t) {
    for (int s = 0; s <= past + t; ++s) {
      double score = 0;
      for (int k = 0; k < size; ++k) score += double(left(t, k)) * double(right(s, k));
      expected_scores[std::size_t(t) * seen + s] = score;
      for (int k = 0; k < size; ++k) {
        expected[std::size_t(t) * size + k] += score * double(right(s, k));
        expected_back[std::size_t(s) * size + k] += score * double(left(t, k));
        expected_sum[std::size_t(s) * size + k] += score * double(left(t, k));
      }
    }
  }

  // The products must not read beyond the zeros.
  std::vector<Scalar> scores(expected_scores.size(), Scalar(NAN));
  std::vector<Scalar> result(expected.size());
  std::vector<Scalar> back(expected_back.size());
  std::vector<Scalar> sum = before;
  const MatrixView<Scalar> view(scores.data(), count, seen);
  causal_scores(left, right, view);
  for (int t = 0; t < count; ++t) {
    for (int s = past + t + 1 + kReadBeyondDiagonal; s < seen; ++s) view(t, s) = Scalar(NAN);
  }
  multiply_causal(read_only(view), right, MatrixView<Scalar>(result.data(), count, size));
  multiply_causal_transposed(read_only(view), left, MatrixView<Scalar>(back.data(), seen, size), false);
  multiply_causal_transposed(read_only(view), left, MatrixView<Scalar>(sum.data(), seen, size), true);
  for (int t = 0; t < count; ++t) {
    for (int s = past + t + 1 + kReadBeyondDiagonal; s < seen; ++s) view(t, s) = 0;
  }
  INFO("past " << past << " count " << count << " size " << size);
  CHECK(test::roundings_off(scores, expected_scores) < 3);
  CHECK(test::roundings_off(result, expected) < 3);
  CHECK(test::roundings_off(back, expected_back) < 3);
  CHECK(test::roundings_off(sum, expected_sum) < 3);
}

}  // namespace

TEST_CASE("products with causal scores let positions look at the past and at themselves alone", "[nn]") {
  for (const int past : {0, 1, 2, 7, 16, 33}) {
    for (const int count : {1, 2, 5, 8, 17, 31}) {
      for (const int size : {1, 3, 8, 17}) {
        check_products<float>(past, count, size);
        check_products<double>(past, count, size);
      }
    }
  }
}

}  // namespace mesa
