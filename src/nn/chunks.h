#pragma once

#include <algorithm>

#include "core/matrix_view.h"

namespace mesa {

/// Attention works through long sequences chunk by chunk. Only within a chunk does it let each position meet
/// each other; what the earlier ones left has a fixed size (linear_attention.h) or is met chunk by chunk
/// (softmax_attention.h).

/// A sequence of up to so many positions is one chunk, C = T.
inline constexpr int kLongestSingleChunk = 64;
/// The positions C of each chunk of a longer one, but for the last, which may have fewer.
inline constexpr int kChunkPositions = 32;

inline int chunk_positions(int positions) {
  return positions <= kLongestSingleChunk ? positions : kChunkPositions;
}

inline int chunk_count(int positions) {
  const int length = chunk_positions(positions);
  return (positions + length - 1) / length;
}

/// One chunk of a sequence of T positions.
struct Chunk {
  Chunk(int positions, int index)
      : index(index),
        first(index * chunk_positions(positions)),
        count(std::min(chunk_positions(positions), positions - first)),
        is_last(first + count == positions) {}

  static Chunk whole(int positions) {
    Chunk chunk(positions, 0);
    chunk.count = positions;
    chunk.is_last = true;
    return chunk;
  }

  /// Its rows of a tensor [T, n].
  template <class Scalar>
  MatrixView<Scalar> of(MatrixView<Scalar> tensor) const {
    return tensor.row_range(first, count);
  }
  /// Those and all earlier ones.
  template <class Scalar>
  MatrixView<Scalar> seen(MatrixView<Scalar> tensor) const {
    return tensor.row_range(0, first + count);
  }

  int index;
  int first;  ///< position
  int count;  ///< of positions
  bool is_last;
};

}  // namespace mesa
