#pragma once

#include "nn/attention.h"

namespace mesa::test {

/// The length of the longest sequence that is one chunk.
inline int longest_single_chunk(AttentionKind kind) {
  int positions = 1;
  while (make_head<double>(kind, {positions + 1, 1, 1})->chunks().count() == 1) ++positions;
  return positions;
}

/// Takes matrices one after the other from a flat buffer of weights.
template <class Weight>
auto matrices_from(Weight* buffer) {
  return [buffer](int rows, int columns) mutable {
    const MatrixView<Weight> view(buffer, rows, columns);
    buffer += std::ptrdiff_t(rows) * columns;
    return view;
  };
}

/// An attention layer's activations and gradients with their own memory.
template <class Scalar>
class AttentionMemory {
 public:
  AttentionMemory(const AttentionConfig& config, int sequences, int positions)
      : block_(numbers(config, sequences, positions)),
        arena_(block_.arena()),
        activations(config, sequences, positions, arena_),
        gradients(activations, arena_) {
    activations.scratch = arena_.numbers(activations.mechanism->memory().scratch);
  }

  static double numbers(const AttentionConfig& config, int sequences, int positions) {
    Arena<Scalar> arena;
    const AttentionActivations<Scalar> activations(config, sequences, positions, arena);
    const AttentionGradients<Scalar> gradients(activations, arena);
    arena.numbers(activations.mechanism->memory().scratch);
    return arena.used();
  }

 private:
  ArenaBlock<Scalar> block_;
  Arena<Scalar> arena_;

 public:
  AttentionActivations<Scalar> activations;
  AttentionGradients<Scalar> gradients;
};

}  // namespace mesa::test
