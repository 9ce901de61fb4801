#include "data/tokens.h"

#include <catch2/catch.hpp>
#include <vector>

namespace mesa {
namespace {

/// The tokens of three states of size 2, of which the last is only a target.
std::vector<double> tokens(const TokenConfig& config) {
  const std::vector<float> states = {1, 2, 3, 4, 5, 6};
  const int width = token_width(config, 2);
  std::vector<double> result(std::size_t(2 * width), -1);
  write_tokens<float, double>(config, {states.data(), 3, 2}, {result.data(), 2, width});
  return result;
}

}  // namespace

TEST_CASE("constructed tokens hold the current and the previous state in their blocks", "[data]") {
  CHECK(token_width(TokenKind::constructed, 2) == 8);
  CHECK(tokens(TokenKind::constructed) ==
        std::vector<double>{0, 0, 1, 2, 1, 2, 0, 0, 0, 0, 3, 4, 3, 4, 1, 2});
  CHECK(tokens(TokenKind::constructed_masked) ==
        std::vector<double>{0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 3, 4, 1, 2});
}

TEST_CASE("window tokens hold the newest states, newest first, and zeros before the start", "[data]") {
  CHECK(token_width({TokenKind::window, 3}, 2) == 6);
  CHECK(tokens({TokenKind::window, 3}) == std::vector<double>{1, 2, 0, 0, 0, 0, 3, 4, 1, 2, 0, 0});
  CHECK(tokens({TokenKind::window, 1}) == std::vector<double>{1, 2, 3, 4});
}

TEST_CASE("raw tokens are the states", "[data]") {
  CHECK(token_width(TokenKind::raw, 2) == 2);
  CHECK(tokens(TokenKind::raw) == std::vector<double>{1, 2, 3, 4});
}

TEST_CASE("channels with the same numbers at all positions are found", "[data]") {
  constexpr int kNone = kZeroChannel;
  CHECK(same_channels(TokenKind::constructed, 2) == std::vector<int>{kNone, kNone, 4, 5, 4, 5, 6, 7});
  CHECK(same_channels(TokenKind::constructed_masked, 2) ==
        std::vector<int>{kNone, kNone, kNone, kNone, 4, 5, 6, 7});
  CHECK(same_channels({TokenKind::window, 2}, 2) == std::vector<int>{0, 1, 2, 3});
  CHECK(same_channels(TokenKind::raw, 2) == std::vector<int>{0, 1});
}

}  // namespace mesa
