#include "nn/positional_encoding.h"

#include <numbers>

#include "core/elementary.h"

namespace mesa {

template <class Scalar>
std::vector<Scalar> positional_encoding(int positions, int width) {
  constexpr double kLogLongestWavelength = 4 * std::numbers::ln10;  // of 10000, in units of 2 pi
  std::vector<Scalar> encoding(std::size_t(positions) * width);
  for (int t = 0; t < positions; ++t) {
    for (int channel = 0; channel < width; ++channel) {
      const int pair = channel / 2;
      const SineCosine wave = sine_cosine(t * exponential(-kLogLongestWavelength * 2 * pair / width));
      encoding[std::size_t(t) * width + channel] = Scalar(channel % 2 == 0 ? wave.sine : wave.cosine);
    }
  }
  return encoding;
}

template std::vector<float> positional_encoding(int, int);
template std::vector<double> positional_encoding(int, int);

}  // namespace mesa
