#include "nn/positional_encoding.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "worse_error.h"

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

TEST_CASE("positional encodings are those of the definition at any width, and in float their nearest",
          "[nn]") {
  constexpr int kPositions = 300;
  for (const int width : {1, 2, 5, 9, 40}) {
    std::vector<double> encoding(std::size_t(kPositions) * width);
    std::vector<float> in_float(encoding.size());
    fill_positional_encoding<double>({encoding.data(), kPositions, width});
    fill_positional_encoding<float>({in_float.data(), kPositions, width});
    double worst = 0;
    bool is_nearest = true;
    for (int t = 0; t < kPositions; ++t) {
      for (int channel = 0; channel < width; ++channel) {
        const double angle = t / std::pow(10000.0, double(channel - channel % 2) / width);
        const auto at = std::size_t(t) * width + channel;
        const double expected = channel % 2 == 0 ? std::sin(angle) : std::cos(angle);
        worst = test::worse(worst, std::abs(encoding[at] - expected));
        is_nearest &= in_float[at] == float(encoding[at]);
      }
    }
    INFO("width " << width);
    // An angle of 300 has that much of the relative error of its wavelength, 2e-14.
    CHECK(worst < 6e-12);
    CHECK(is_nearest);
  }
}

}  // namespace mesa
