#pragma once

/// The legend of sizes, used in every file:
///
///   B  sequences in a batch        d  observation size
///   N  sequences in a tile         H  attention heads
///   T  positions of a sequence     K  key size of a head
///   D  channels of the residual    L  layers
///
/// A shape such as [T, D] is row-major: T rows of D contiguous numbers. A sequence of states has T + 1 rows:
/// T that the model reads and one more, so that every position t has the label s_{t+1}.

namespace mesa {

/// The longest sequences that a model can be asked for.
inline constexpr int kMostPositions = 1024;

/// Sequences that travel through all layers together, so that their activations stay in the second-level
/// cache.
inline constexpr int kTileSequences = 2;

/// As many, or one of those that are so long that two would not stay there.
constexpr int tile_sequences(int positions) { return positions > 128 ? 1 : kTileSequences; }

}  // namespace mesa
