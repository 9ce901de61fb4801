#include "nn/positional_encoding.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

namespace mesa {

TEST_CASE("positional encodings are sines and cosines from fast to slow", "[nn]") {
  std::vector<double> encoding(12);
  fill_positional_encoding<double>({encoding.data(), 3, 4});
  const std::vector<double> expected = {0,
                                        1,
                                        0,
                                        1,
                                        std::sin(1),
                                        std::cos(1),
                                        std::sin(0.01),
                                        std::cos(0.01),
                                        std::sin(2),
                                        std::cos(2),
                                        std::sin(0.02),
                                        std::cos(0.02)};
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(encoding[i] == Approx(expected[i]).margin(1e-15));
}

}  // namespace mesa
