#include "nn/linear_attention.h"

#include "core/matrix_product.h"
#include "core/vector_arithmetic.h"
#include "nn/attention_head.h"
#include "nn/causal_product.h"

namespace mesa {

template <class Scalar>
void linear_chunk_forward(const LinearChunk<Scalar>& chunk, const MatrixView<Scalar>& output) {
  causal_scores(chunk.queries, chunk.keys, chunk.scores);
  multiply_causal(read_only(chunk.scores), chunk.values, output);
  if (chunk.state.data) multiply_accumulate(chunk.queries, chunk.state, output);
}

template <class Scalar>
void linear_chunk_backward(const LinearChunk<Scalar>& chunk, const LinearChunkGradients<Scalar>& gradients,
                           const MatrixView<Scalar>& score_gradient) {
  causal_scores(gradients.output, chunk.values, score_gradient);
  multiply_causal(read_only(score_gradient), chunk.keys, gradients.queries);
  if (chunk.state.data) multiply_accumulate(gradients.output, chunk.state.transposed(), gradients.queries);
  if (gradients.values.data) {
    multiply_causal_transposed(read_only(chunk.scores), gradients.output, gradients.values, false);
    if (gradients.state.data) multiply_accumulate(chunk.keys, gradients.state, gradients.values);
  }
  if (gradients.keys.data) {
    multiply_causal_transposed(read_only(score_gradient), chunk.queries, gradients.keys, false);
    if (gradients.state.data) multiply_accumulate(chunk.values, gradients.state.transposed(), gradients.keys);
  }
}

namespace {

constexpr ChunkLengths kLengths = {.longest_single = 96, .usual = 32, .in_span = 4};

/// What a head keeps of one sequence.
template <class Scalar>
struct Kept {
  Kept(const HeadSizes& sizes, const Chunks& chunks, Arena<Scalar>& arena)
      : scores(arena.matrix(sizes.positions, chunks.longest())),
        states(arena.matrix((chunks.count() - 1) * sizes.key_size, sizes.value_size)),
        key_size(sizes.key_size) {}

  /// The state [K, V] before a chunk; empty for the first one and after the last.
  [[nodiscard]] MatrixView<Scalar> state_before(int chunk) const {
    if (chunk == 0 || chunk * key_size > states.rows) return {};
    return states.row_range((chunk - 1) * key_size, key_size);
  }

  MatrixView<Scalar> scores;  ///< [T, C]
  MatrixView<Scalar> states;  ///< [(chunks - 1) K, V]
  int key_size;
};

template <class Scalar>
class LinearHead final : public AttentionHead<Scalar> {
 public:
  explicit LinearHead(const HeadSizes& sizes)
      : AttentionHead<Scalar>(sizes, Chunks(sizes.positions, kLengths)) {
    Arena<Scalar> kept;
    const Kept<Scalar> counted(sizes, this->chunks(), kept);
    const double longest = this->chunks().longest();
    const bool has_state = this->chunks().count() > 1;
    this->set_memory(
        {kept.used(), longest * longest, has_state ? double(sizes.key_size) * sizes.value_size : 0});
  }

  void forward(const HeadTensors<Scalar>& head, const Chunk& chunk) const override {
    const Kept<Scalar> kept = kept_of(head);
    const LinearChunk<Scalar> part = part_of(head, kept, chunk);
    linear_chunk_forward(part, chunk.of(head.output));
    const MatrixView<Scalar> next_state = kept.state_before(chunk.index + 1);
    if (!next_state.data) return;
    multiply(part.keys.transposed(), part.values, next_state);
    if (!part.state.data) return;
    for (int k = 0; k < next_state.rows; ++k) {
      Scalar* row = &next_state(k, 0);
      combine(Scalar(1), &part.state(k, 0), Scalar(1), row, row, next_state.columns);
    }
  }

  void backward(const HeadTensors<Scalar>& head, const Chunk& chunk,
                const HeadGradients<Scalar>& gradients) const override {
    const auto& [positions, key_size, value_size] = this->sizes();
    const LinearChunk<Scalar> part = part_of(head, kept_of(head), chunk);
    MatrixView<Scalar> state_gradient;
    if (this->chunks().count() > 1) state_gradient = {gradients.state, key_size, value_size};
    linear_chunk_backward<Scalar>(
        part, {gradients.output, state_gradient, gradients.queries, gradients.keys, gradients.values},
        {head.scratch, chunk.count, chunk.count});
    if (state_gradient.data && (gradients.values.data || gradients.keys.data)) {
      multiply_accumulate(part.queries.transposed(), gradients.output, state_gradient);
    }
  }

  void scores(const HeadTensors<Scalar>& head, const MatrixView<Scalar>& scores) const override {
    causal_scores(head.queries, head.keys, scores);
  }

 private:
  Kept<Scalar> kept_of(const HeadTensors<Scalar>& head) const {
    Arena<Scalar> arena(head.kept);
    return {this->sizes(), this->chunks(), arena};
  }
  LinearChunk<Scalar> part_of(const HeadTensors<Scalar>& head, const Kept<Scalar>& kept,
                              const Chunk& chunk) const {
    return {chunk.of(head.queries), chunk.of(head.keys), chunk.of(head.values),
            kept.state_before(chunk.index), chunk.of(kept.scores).column_range(0, chunk.count)};
  }
};

}  // namespace

template <class Scalar>
std::unique_ptr<const AttentionHead<Scalar>> make_linear_head(const HeadSizes& sizes) {
  return std::make_unique<LinearHead<Scalar>>(sizes);
}

#define MESA_INSTANTIATE(Scalar)                                                                       \
  template void linear_chunk_forward(const LinearChunk<Scalar>&, const MatrixView<Scalar>&);           \
  template void linear_chunk_backward(const LinearChunk<Scalar>&, const LinearChunkGradients<Scalar>&, \
                                      const MatrixView<Scalar>&);                                      \
  template std::unique_ptr<const AttentionHead<Scalar>> make_linear_head(const HeadSizes&);
MESA_INSTANTIATE(float)
MESA_INSTANTIATE(double)
#undef MESA_INSTANTIATE

}  // namespace mesa
