#pragma once

#include "core/matrix_view.h"

namespace mesa {

/// Fills the sinusoidal encoding [T, D] of Vaswani et al. 2017: channels 2i and 2i + 1 hold the sine and
/// cosine of t / 10000^(2i / D), t from 0.
template <class Scalar>
void fill_positional_encoding(const MatrixView<Scalar>& encoding);

}  // namespace mesa
