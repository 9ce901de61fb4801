#include "nn/positional_encoding.h"

#include <numbers>

#include "core/elementary.h"

namespace mesa {

template <class Scalar>
void fill_positional_encoding(const MatrixView<Scalar>& encoding) {
  constexpr double kLogLongestWavelength = 4 * std::numbers::ln10;  // of 10000, in units of 2 pi
  for (int t = 0; t < encoding.rows; ++t) {
    for (int channel = 0; channel < encoding.columns; ++channel) {
      const int pair = channel / 2;
      const SineCosine wave =
          sine_cosine(t * exponential(-kLogLongestWavelength * 2 * pair / encoding.columns));
      encoding(t, channel) = Scalar(channel % 2 == 0 ? wave.sine : wave.cosine);
    }
  }
}

template void fill_positional_encoding(const MatrixView<float>&);
template void fill_positional_encoding(const MatrixView<double>&);

}  // namespace mesa
