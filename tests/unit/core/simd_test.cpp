#include "core/simd.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "random_numbers.h"

namespace mesa {
namespace {

template <class Scalar>
Vector<Scalar> some_lanes(std::uint32_t salt) {
  return load(test::normal_numbers<Scalar>(kLanes<Scalar>, salt).data());
}

/// 1, 2, 3 ..
template <class Scalar>
std::vector<Scalar> counted(int n) {
  std::vector<Scalar> numbers;
  for (int i = 1; i <= n; ++i) numbers.push_back(Scalar(i));
  return numbers;
}

/// Counts of no lanes, some, all, and more than there are, as in loops over rows.
template <class Scalar>
void check_first_lanes() {
  constexpr int kWidth = kLanes<Scalar>;
  for (int count = 1; count <= 2 * kWidth + 1; ++count) {
    INFO("count " << count << " of " << kWidth);
    const int filled = std::min(count, kWidth);
    // Exactly as long as what is read, so that the address sanitizer finds reads beyond it.
    const std::vector<Scalar> source = counted<Scalar>(filled);
    const Vector<Scalar> loaded = load_first(source.data(), count);
    const auto mask = first_lanes<Scalar>(count);
    std::vector<Scalar> target(std::size_t(2) * kWidth, Scalar(-1));
    store_first(target.data(), some_lanes<Scalar>(1), count);
    std::vector<Scalar> zeroed(std::size_t(4) * kWidth, Scalar(-1));
    store_zeros(zeroed.data(), count);
    for (int lane = 0; lane < kWidth; ++lane) {
      CHECK(loaded[lane] == (lane < count ? Scalar(lane + 1) : Scalar(0)));
      CHECK(mask[lane] == (lane < count ? -1 : 0));
      CHECK(target[std::size_t(lane)] == (lane < count ? some_lanes<Scalar>(1)[lane] : Scalar(-1)));
      CHECK(target[std::size_t(kWidth + lane)] == -1);
    }
    for (int i = 0; i < 4 * kWidth; ++i)
      CHECK(zeroed[std::size_t(i)] == (i < count ? Scalar(0) : Scalar(-1)));
  }
}

template <class Scalar>
void check_arithmetic() {
  const auto a = some_lanes<Scalar>(1);
  const auto b = some_lanes<Scalar>(2);
  const auto c = some_lanes<Scalar>(3);
  const Vector<Scalar> product_sum = multiply_add<Scalar>(a, b, c);
  const Vector<Scalar> both = larger<Scalar>(a, b);
  for (int lane = 0; lane < kLanes<Scalar>; ++lane) {
    const Scalar rounded_twice = Scalar(a[lane] * b[lane]) + c[lane];
    CHECK(product_sum[lane] == Approx(double(rounded_twice)).epsilon(1e-6).margin(1e-6));
    CHECK(both[lane] == std::max(a[lane], b[lane]));
    CHECK(broadcast(a[0])[lane] == a[0]);
  }
}

template <class Scalar>
void check_reductions() {
  constexpr int kWidth = kLanes<Scalar>;
  // Powers of two, so that a sum shows which lanes it has and how often.
  Vector<Scalar> powers;
  for (int lane = 0; lane < kWidth; ++lane) powers[lane] = Scalar(1 << lane);
  CHECK(sum_of_lanes<Scalar>(powers) == Scalar((1 << kWidth) - 1));
  for (int largest = 0; largest < kWidth; ++largest) {
    Vector<Scalar> lanes = broadcast(Scalar(-2));
    lanes[largest] = -1;
    CHECK(largest_lane<Scalar>(lanes) == -1);
  }
}

}  // namespace

TEST_CASE("what is loaded and stored of a vector ends where its count says", "[core]") {
  check_first_lanes<float>();
  check_first_lanes<double>();
}

TEST_CASE("arithmetic acts on each lane", "[core]") {
  check_arithmetic<float>();
  check_arithmetic<double>();
  Vector<float> squares;
  for (int lane = 0; lane < kLanes<float>; ++lane) squares[lane] = float((lane + 1) * (lane + 1));
  for (int lane = 0; lane < kLanes<float>; ++lane) CHECK(square_root(squares)[lane] == float(lane + 1));
}

TEST_CASE("sums and maxima take every lane once", "[core]") {
  check_reductions<float>();
  check_reductions<double>();
}

TEST_CASE("products are added with one rounding where that is said", "[core]") {
  // (1 + e)^2 - (1 + 2 e) is e^2, which two roundings would make 0.
  volatile float near_one = 1 + 0x1p-23F;
  const Vector<float> factor = broadcast<float>(near_one);
  const Vector<float> rest = multiply_add<float>(factor, factor, broadcast(-1 - 0x1p-22F));
#ifdef __SANITIZE_ADDRESS__
  // The build with sanitizers optimises too little for the compiler to contract anything.
  constexpr bool kFuses = false;
#else
  constexpr bool kFuses = kFusesMultiplyAdd;
#endif
  for (int lane = 0; lane < kLanes<float>; ++lane) CHECK(rest[lane] == (kFuses ? 0x1p-46F : 0.F));
}

}  // namespace mesa
