#pragma once

#include <memory>

#include "core/arena.h"
#include "core/matrix_view.h"
#include "nn/attention_kind.h"
#include "nn/chunks.h"

namespace mesa {

struct HeadSizes {
  int positions;   ///< T
  int key_size;    ///< K
  int value_size;  ///< V
};

/// What a head works on, of one sequence.
template <class Scalar>
struct HeadTensors {
  MatrixView<const Scalar> queries;  ///< [T, K]
  MatrixView<const Scalar> keys;     ///< [T, K]
  MatrixView<const Scalar> values;   ///< [T, V]
  MatrixView<Scalar> output;         ///< [T, V], the head output
  Scalar* kept;                      ///< HeadMemory::kept numbers, from the forward pass to the backward pass
  Scalar* scratch;                   ///< HeadMemory::scratch numbers, of no use to later calls
  MatrixView<const Scalar> log_inverse_ridge;  ///< [1, 1], log lambda; empty where a kind has none
  MatrixView<const Scalar> forget_logit;       ///< [1, 1], gamma = 1 / (1 + exp(-x)); empty where gamma is 1
};

/// The gradients that the backward pass of one chunk of C positions takes and makes.
template <class Scalar>
struct HeadGradients {
  MatrixView<const Scalar> output;  ///< [C, V], given
  MatrixView<Scalar> queries;       ///< [C, K], overwritten
  MatrixView<Scalar> keys;    ///< [C, K], overwritten; empty where it is not needed. Of heads that reach
                              ///< back [first + C, K]: added to, but for the chunk that comes last
  MatrixView<Scalar> values;  ///< [C, V], likewise
  Scalar* state;  ///< HeadMemory::state_gradient numbers: that of the state after the chunk becomes that
                  ///< before it
  MatrixView<Scalar> log_inverse_ridge;  ///< [1, 1], added to
  MatrixView<Scalar> forget_logit;       ///< [1, 1], added to
};

/// How many numbers a head needs room for.
struct HeadMemory {
  double kept;            ///< for each sequence
  double scratch;         ///< at a time
  double state_gradient;  ///< at a time; zeros before the backward pass of a sequence's last chunk
};

/// One kind of attention: how a head makes its output of queries, keys and values, causally and with the
/// diagonal kept. Chunks of a sequence go forward in order, and backward in reverse order. A layer
/// (attention.h) has one such object for all its heads; it holds sizes alone.
template <class Scalar>
class AttentionHead {
 public:
  virtual ~AttentionHead() = default;
  AttentionHead(const AttentionHead&) = delete;
  AttentionHead& operator=(const AttentionHead&) = delete;

  [[nodiscard]] const Chunks& chunks() const { return chunks_; }
  [[nodiscard]] const HeadMemory& memory() const { return memory_; }
  /// Whether the gradients of a chunk's keys and values get parts from later chunks.
  [[nodiscard]] virtual bool reaches_back() const { return false; }

  virtual void forward(const HeadTensors<Scalar>& head, const Chunk& chunk) const = 0;
  virtual void backward(const HeadTensors<Scalar>& head, const Chunk& chunk,
                        const HeadGradients<Scalar>& gradients) const = 0;
  /// What the output is a sum of values with, after the forward pass: scores [T, T], on and below the
  /// diagonal.
  virtual void scores(const HeadTensors<Scalar>& head, const MatrixView<Scalar>& scores) const = 0;

 protected:
  AttentionHead(const HeadSizes& sizes, const Chunks& chunks) : sizes_(sizes), chunks_(chunks) {}

  [[nodiscard]] const HeadSizes& sizes() const { return sizes_; }
  void set_memory(const HeadMemory& memory) { memory_ = memory; }

 private:
  HeadSizes sizes_;
  Chunks chunks_;
  HeadMemory memory_ = {};
};

// Each kind's file defines its own, make_linear_head() and so on.
#define MESA_ATTENTION_KIND(name, use) \
  template <class Scalar>              \
  std::unique_ptr<const AttentionHead<Scalar>> make_##name##_head(const HeadSizes& sizes);
#include "nn/attention_kinds.inc"
#undef MESA_ATTENTION_KIND

template <class Scalar>
std::unique_ptr<const AttentionHead<Scalar>> make_head(AttentionKind kind, const HeadSizes& sizes) {
  switch (kind) {
#define MESA_ATTENTION_KIND(name, use) \
  case AttentionKind::name:            \
    return make_##name##_head<Scalar>(sizes);
#include "nn/attention_kinds.inc"
#undef MESA_ATTENTION_KIND
  }
  return nullptr;
}

}  // namespace mesa
