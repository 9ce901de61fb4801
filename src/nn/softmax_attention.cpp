// Causal softmax self-attention of one head over one sequence:
//   output_t = sum_{t' <= t} p_tt' v_t',   p_t = softmax over t' <= t of (q_t . k_t') / sqrt(K).

#include <cmath>

#include "core/exponential.h"
#include "core/simd.h"
#include "nn/attention_head.h"
#include "nn/causal_product.h"

namespace mesa {
namespace {

/// The first `count` logits of a row become softmax(scale * logits).
template <class Scalar>
void softmax_forward(Scalar* row, int count, Scalar scale) {
  constexpr int kWidth = kLanes<Scalar>;
  // The largest is subtracted, so that no exponential overflows.
  Vector<Scalar> largest = broadcast(row[0]);
  for (int i = 0; i < count; i += kWidth) {
    const Vector<Scalar> logits = load_first(row + i, count - i);
    largest = larger<Scalar>(first_lanes<Scalar>(count - i) ? logits : largest, largest);
  }
  const Scalar shift = largest_lane<Scalar>(largest) * scale;
  Vector<Scalar> sum = {};
  for (int i = 0; i < count; i += kWidth) {
    const Vector<Scalar> exponentials = exponential(load_first(row + i, count - i) * scale - shift);
    sum += first_lanes<Scalar>(count - i) ? exponentials : Vector<Scalar>{};
    store_first(row + i, exponentials, count - i);
  }
  const Scalar inverse_sum = 1 / sum_of_lanes<Scalar>(sum);
  for (int i = 0; i < count; i += kWidth)
    store_first(row + i, load_first(row + i, count - i) * inverse_sum, count - i);
}

/// The backward pass of softmax_forward(): the gradient of the probabilities becomes that of the logits.
template <class Scalar>
void softmax_backward(const Scalar* probability, Scalar* gradient, int count, Scalar scale) {
  constexpr int kWidth = kLanes<Scalar>;
  Vector<Scalar> sum = {};
  for (int i = 0; i < count; i += kWidth) {
    sum += load_first(probability + i, count - i) * load_first(gradient + i, count - i);
  }
  const auto mean = sum_of_lanes<Scalar>(sum);
  for (int i = 0; i < count; i += kWidth) {
    const Vector<Scalar> centred = load_first(gradient + i, count - i) - mean;
    store_first(gradient + i, load_first(probability + i, count - i) * centred * scale, count - i);
  }
}

/// The longest single chunk: what softmax saves by more chunks is memory alone.
constexpr ChunkLengths kLengths = {.longest_single = 256, .usual = 64, .in_span = 4};

/// Chunks of C positions after `past` earlier ones: queries [C, K], keys [past + C, K], values [past + C, V]
/// and scores [C, past + C]. The probabilities of the first chunk are kept for the backward pass; those of
/// later ones would be ever more, so they are computed again there.
template <class Scalar>
class SoftmaxHead final : public AttentionHead<Scalar> {
 public:
  explicit SoftmaxHead(const HeadSizes& sizes)
      : AttentionHead<Scalar>(sizes, Chunks(sizes.positions, kLengths)),
        logit_scale_(1 / std::sqrt(Scalar(sizes.key_size))) {
    const double first = this->chunks()[0].count;
    const double largest = double(this->chunks().longest()) * sizes.positions;
    // Of later chunks the probabilities and their gradient.
    this->set_memory({first * first, this->chunks().count() > 1 ? 2 * largest : largest, 0});
  }

  [[nodiscard]] bool reaches_back() const override { return true; }

  void forward(const HeadTensors<Scalar>& head, const Chunk& chunk) const override {
    const MatrixView<Scalar> probabilities = room_for_scores(head, chunk);
    softmax_scores(chunk.of(head.queries), chunk.seen(head.keys), probabilities);
    multiply_causal(read_only(probabilities), chunk.seen(head.values), chunk.of(head.output));
  }

  void backward(const HeadTensors<Scalar>& head, const Chunk& chunk,
                const HeadGradients<Scalar>& gradients) const override {
    const MatrixView<const Scalar> queries = chunk.of(head.queries);
    const MatrixView<const Scalar> keys = chunk.seen(head.keys);
    const MatrixView<Scalar> probabilities = room_for_scores(head, chunk);
    if (chunk.index > 0) softmax_scores(queries, keys, probabilities);
    const MatrixView<Scalar> score_gradient(head.scratch, chunk.count, keys.rows);
    causal_scores(gradients.output, chunk.seen(head.values), score_gradient);
    if (gradients.values.data) {
      multiply_causal_transposed(read_only(probabilities), gradients.output, gradients.values,
                                 !chunk.is_last);
    }
    for (int t = 0; t < chunk.count; ++t) {
      softmax_backward(&probabilities(t, 0), &score_gradient(t, 0), chunk.first + t + 1, logit_scale_);
    }
    multiply_causal(read_only(score_gradient), keys, gradients.queries);
    if (gradients.keys.data) {
      multiply_causal_transposed(read_only(score_gradient), queries, gradients.keys, !chunk.is_last);
    }
  }

  void scores(const HeadTensors<Scalar>& head, const MatrixView<Scalar>& scores) const override {
    softmax_scores(head.queries, head.keys, scores);
  }

 private:
  /// Room for [C, past + C]: that of the first chunk is kept, others stand in scratch memory after their
  /// gradient.
  MatrixView<Scalar> room_for_scores(const HeadTensors<Scalar>& head, const Chunk& chunk) const {
    if (chunk.index == 0) return {head.kept, chunk.count, chunk.count};
    const int gradient = this->chunks().longest() * this->sizes().positions;
    return {head.scratch + gradient, chunk.count, chunk.first + chunk.count};
  }

  void softmax_scores(const MatrixView<const Scalar>& queries, const MatrixView<const Scalar>& keys,
                      const MatrixView<Scalar>& scores) const {
    causal_scores(queries, keys, scores);
    const int past = keys.rows - queries.rows;
    for (int t = 0; t < scores.rows; ++t) softmax_forward(&scores(t, 0), past + t + 1, logit_scale_);
  }

  Scalar logit_scale_;
};

}  // namespace

template <class Scalar>
std::unique_ptr<const AttentionHead<Scalar>> make_softmax_head(const HeadSizes& sizes) {
  return std::make_unique<SoftmaxHead<Scalar>>(sizes);
}

template std::unique_ptr<const AttentionHead<float>> make_softmax_head(const HeadSizes&);
template std::unique_ptr<const AttentionHead<double>> make_softmax_head(const HeadSizes&);

}  // namespace mesa
