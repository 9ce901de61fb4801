#pragma once

/// The letters for sizes in all comments:
///
///   B  sequences in a batch        d  observation size
///   N  sequences in a tile         H  attention heads
///   T  positions of a sequence     K  key size of a head
///   D  channels of the residual    L  layers
///
/// A shape such as [T, D] is row-major: T rows of D contiguous numbers. A sequence of states has T + 1 rows:
/// T that the model reads and one more, so that every position t has the target s_{t+1}.

namespace mesa {

/// The largest number of positions that a model may have.
inline constexpr int kMostPositions = 1024;

/// Sequences that pass through all layers together, so that their activations stay in the second-level cache.
inline constexpr int kTileSequences = 2;

/// The sequences of a tile: one where two would be too long to stay in that cache.
constexpr int tile_sequences(int positions) { return positions > 128 ? 1 : kTileSequences; }

}  // namespace mesa
