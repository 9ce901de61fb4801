#pragma once

#include "core/matrix_view.h"

namespace mesa {

/// Consecutive positions of a sequence.
struct Chunk {
  int index;
  int first;  ///< position
  int count;  ///< C, of positions
  bool is_last;

  /// Its rows of a tensor [T, n].
  template <class Scalar>
  [[nodiscard]] MatrixView<Scalar> of(const MatrixView<Scalar>& tensor) const {
    return tensor.row_range(first, count);
  }
  /// Its rows and all earlier ones.
  template <class Scalar>
  [[nodiscard]] MatrixView<Scalar> seen(const MatrixView<Scalar>& tensor) const {
    return tensor.row_range(0, first + count);
  }
};

/// Lengths of chunks, which each kind of attention chooses by measurement.
struct ChunkLengths {
  int longest_single;  ///< positions of the longest sequence that is one chunk
  int usual;           ///< positions of each chunk of a longer one, except the last
  int in_span;         ///< how many chunks go through all of a layer before the next ones do
};

/// A sequence of T positions as chunks. Within a chunk every position meets every other one; what earlier
/// chunks leave has a fixed size, or is met chunk by chunk, so the memory of attention grows as T does, not
/// as T^2.
class Chunks {
 public:
  constexpr Chunks(int positions, const ChunkLengths& lengths)
      : positions_(positions),
        usual_(positions <= lengths.longest_single ? positions : lengths.usual),
        in_span_(lengths.in_span) {}

  [[nodiscard]] constexpr int positions() const { return positions_; }
  [[nodiscard]] constexpr int count() const { return positions_ / usual_; }
  [[nodiscard]] constexpr int in_span() const { return in_span_; }
  /// The positions C of the last chunk, which has up to usual - 1 more than the others.
  [[nodiscard]] constexpr int longest() const { return positions_ - (count() - 1) * usual_; }
  [[nodiscard]] constexpr Chunk operator[](int index) const {
    const bool is_last = index == count() - 1;
    return {index, index * usual_, is_last ? longest() : usual_, is_last};
  }

 private:
  int positions_;
  int usual_;
  int in_span_;
};

}  // namespace mesa
