#pragma once

#include <vector>

#include "core/random.h"

namespace mesa::test {

/// `count` draws from N(0, scale^2), different ones for each `salt`.
template <class Scalar>
std::vector<Scalar> normal_numbers(std::size_t count, std::uint32_t salt, float scale = 1) {
  std::vector<float> numbers(count);
  RandomStream(1234, RandomPurpose::tuning, 0, salt).fill_normal(numbers, scale);
  return {numbers.begin(), numbers.end()};
}

}  // namespace mesa::test
