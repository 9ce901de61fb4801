#pragma once

#include "core/matrix_view.h"
#include "nn/attention_kind.h"

namespace mesa {

/// Attention works through long sequences chunk by chunk. Only within a chunk does it let each position meet
/// each other; what the earlier ones left has a fixed size (linear_attention.h) or is met chunk by chunk
/// (softmax_attention.h). The lengths are those that were measured to take the least time.

/// The longest sequence that is one chunk. What softmax saves by more chunks is memory alone.
constexpr int longest_single_chunk(AttentionKind kind) {
  switch (kind) {
    case AttentionKind::linear: return 96;
    case AttentionKind::softmax: return 256;
    case AttentionKind::mesa: return 31;
  }
  return 0;
}

/// The positions C of each chunk of a sequence of T positions, but for the last, which has up to C - 1 more.
constexpr int chunk_positions(AttentionKind kind, int positions) {
  if (positions <= longest_single_chunk(kind)) return positions;
  switch (kind) {
    case AttentionKind::linear: return 32;
    case AttentionKind::softmax: return 64;
    case AttentionKind::mesa: return 16;
  }
  return 0;
}

constexpr int chunk_count(AttentionKind kind, int positions) {
  return positions / chunk_positions(kind, positions);
}

/// The positions of the last chunk; no other has more.
constexpr int longest_chunk(AttentionKind kind, int positions) {
  return positions - (chunk_count(kind, positions) - 1) * chunk_positions(kind, positions);
}

/// How many chunks go through all of a layer before the next ones do.
constexpr int chunks_in_span(AttentionKind kind) { return kind == AttentionKind::mesa ? 12 : 4; }

/// One chunk of a sequence of T positions.
struct Chunk {
  Chunk(AttentionKind kind, int positions, int index)
      : index(index),
        first(index * chunk_positions(kind, positions)),
        count(index + 1 == chunk_count(kind, positions) ? longest_chunk(kind, positions)
                                                        : chunk_positions(kind, positions)),
        is_last(first + count == positions) {}
  /// A whole sequence as one.
  explicit Chunk(int positions) : index(0), first(0), count(positions), is_last(true) {}

  /// Its rows of a tensor [T, n].
  template <class Scalar>
  MatrixView<Scalar> of(const MatrixView<Scalar>& tensor) const {
    return tensor.row_range(first, count);
  }
  /// Those and all earlier ones.
  template <class Scalar>
  MatrixView<Scalar> seen(const MatrixView<Scalar>& tensor) const {
    return tensor.row_range(0, first + count);
  }

  int index;
  int first;  ///< position
  int count;  ///< of positions
  bool is_last;
};

}  // namespace mesa
