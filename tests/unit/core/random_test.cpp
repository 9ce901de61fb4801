#include "core/random.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>
#include <vector>

#include "worse_error.h"

namespace mesa {
namespace {

std::vector<float> normals(std::uint64_t seed, RandomPurpose purpose, std::uint32_t step,
                           std::uint32_t sequence, std::size_t count = 8) {
  std::vector<float> values(count);
  RandomStream(seed, purpose, step, sequence).fill_normal(values, 1);
  return values;
}

double moment(const std::vector<float>& values, int order) {
  double sum = 0;
  for (const float value : values) sum += std::pow(value, order);
  return sum / double(values.size());
}

}  // namespace

TEST_CASE("philox gives the published known answers", "[core]") {
  using Block = std::array<std::uint32_t, 4>;
  constexpr std::uint32_t kOnes = 0xffffffff;
  CHECK(philox4x32({0, 0, 0, 0}, {0, 0}) == Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(philox4x32({kOnes, kOnes, kOnes, kOnes}, {kOnes, kOnes}) ==
        Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
}

TEST_CASE("a stream depends on each part of its key and on nothing else", "[core]") {
  const auto base = normals(1, RandomPurpose::training, 2, 3);
  CHECK(normals(1, RandomPurpose::training, 2, 3) == base);
  CHECK(normals(2, RandomPurpose::training, 2, 3) != base);
  CHECK(normals(std::uint64_t{1} << 40 | 1, RandomPurpose::training, 2, 3) != base);
  CHECK(normals(1, RandomPurpose::held_out, 2, 3) != base);
  CHECK(normals(1, RandomPurpose::training, 3, 3) != base);
  CHECK(normals(1, RandomPurpose::training, 2, 4) != base);
}

TEST_CASE("normal draws are the Box-Muller transform of the philox bits", "[core]") {
  // Oracle: the same formula in double with the C library's functions, from the same float in (0, 1].
  const auto unit = [](std::uint32_t bits) { return double((float(bits) + 0.5F) * 0x1p-32F); };
  const auto draws = normals(7, RandomPurpose::training, 0, 0, 40000);
  double worst = 0;
  for (std::uint32_t block = 0; block < draws.size() / 4; ++block) {
    const auto bits = philox4x32({block, 0, 0, std::uint32_t(RandomPurpose::training)}, {7, 0});
    for (std::size_t pair = 0; pair < 2; ++pair) {
      const double radius = std::sqrt(-2 * std::log(unit(bits[2 * pair])));
      const double angle = 2 * std::numbers::pi * unit(bits[2 * pair + 1]);
      worst = test::worse(worst, std::abs(draws[4 * block + 2 * pair] - radius * std::cos(angle)));
      worst = test::worse(worst, std::abs(draws[4 * block + 2 * pair + 1] - radius * std::sin(angle)));
    }
  }
  CHECK(worst < 3e-6);
}

TEST_CASE("a draw begins with the block after those of the draw before it", "[core]") {
  for (std::size_t count = 1; count <= 40; ++count) {
    RandomStream stream(7, RandomPurpose::training, 0, 0);
    std::vector<float> numbers(count);
    stream.fill_normal(numbers, 1);
    std::vector<float> next(4);
    stream.fill_uniform(next, 0, 1);

    RandomStream other(7, RandomPurpose::training, 0, 0);
    std::vector<float> skipped((count + 3) / 4 * 4);
    other.fill_uniform(skipped, 0, 1);
    std::vector<float> expected(4);
    other.fill_uniform(expected, 0, 1);
    CHECK(next == expected);
  }
}

TEST_CASE("normal and uniform draws have the right moments", "[core]") {
  constexpr std::size_t kCount = 1000000;
  const auto normal = normals(3, RandomPurpose::training, 0, 0, kCount);
  // Standard errors: 0.001, 0.0014, 0.004, 0.01.
  CHECK(std::abs(moment(normal, 1)) < 0.004);
  CHECK(std::abs(moment(normal, 2) - 1) < 0.006);
  CHECK(std::abs(moment(normal, 3)) < 0.016);
  CHECK(std::abs(moment(normal, 4) - 3) < 0.04);

  std::vector<float> uniform(kCount);
  RandomStream(3, RandomPurpose::training, 0, 0).fill_uniform(uniform, -1, 1);
  CHECK(std::abs(moment(uniform, 1)) < 0.0024);
  CHECK(std::abs(moment(uniform, 2) - 1.0 / 3) < 0.0012);
  CHECK(*std::min_element(uniform.begin(), uniform.end()) >= -1);
  CHECK(*std::max_element(uniform.begin(), uniform.end()) <= 1);
}

}  // namespace mesa
