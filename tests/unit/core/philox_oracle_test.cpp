#include <Random123/philox.h>
#undef philox4x32  // the oracle defines a macro of that name

#include <catch2/catch.hpp>

#include "core/random.h"

namespace mesa {

TEST_CASE("philox equals its authors' implementation", "[core]") {
  for (std::uint32_t i = 0; i < 1000; ++i) {
    const std::array<std::uint32_t, 4> counter = {i * 2654435761U, i + 7, ~i, i << 20};
    const std::array<std::uint32_t, 2> key = {i * 40503U, 99 - i};
    const auto theirs =
        r123::Philox4x32()({{counter[0], counter[1], counter[2], counter[3]}}, {{key[0], key[1]}});
    const auto ours = philox4x32(counter, key);
    for (std::size_t word = 0; word < 4; ++word) REQUIRE(ours[word] == theirs[word]);
  }
}

}  // namespace mesa
