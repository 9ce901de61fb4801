#include "evaluate/sequences.h"

#include <catch2/catch.hpp>

namespace mesa {

TEST_CASE("held-out sequences are the same each time and differ by purpose and seed", "[evaluate]") {
  const auto first = [](std::uint64_t seed, RandomPurpose purpose) {
    return draw_sequences({}, seed, purpose, 2);
  };
  CHECK(first(1, RandomPurpose::held_out) == first(1, RandomPurpose::held_out));
  CHECK(first(1, RandomPurpose::held_out) != first(1, RandomPurpose::tuning));
  CHECK(first(1, RandomPurpose::held_out) != first(2, RandomPurpose::held_out));
  CHECK(first(1, RandomPurpose::held_out)[0] != first(1, RandomPurpose::held_out)[1]);
}

TEST_CASE("drawn sequences are the same whether they are kept or drawn again", "[evaluate]") {
  // 100 take 26 MB as floats, more than is kept.
  const TaskConfig task{.observation_size = 64, .sequence_length = 1023};
  constexpr int kCount = 100;
  const DrawnSequences drawn(task, 1, RandomPurpose::held_out, kCount);
  const std::vector<RowMatrix> all = draw_sequences(task, 1, RandomPurpose::held_out, kCount);
  CHECK(drawn.size() == kCount);
  for (int i = 0; i < kCount; ++i) CHECK(drawn[i] == all[std::size_t(i)]);
}

}  // namespace mesa
