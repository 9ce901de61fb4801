#include "model/fused_weights.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/matrix_product.h"

namespace mesa {
namespace {

template <class Scalar>
void copy(const MatrixView<const Scalar>& from, const MatrixView<Scalar>& to) {
  for (int i = 0; i < to.rows; ++i) {
    for (int j = 0; j < to.columns; ++j) to(i, j) = from(i, j);
  }
}

template <class Scalar>
void scale(const MatrixView<Scalar>& matrix, Scalar factor) {
  for (int i = 0; i < matrix.rows; ++i) {
    for (int j = 0; j < matrix.columns; ++j) matrix(i, j) *= factor;
  }
}

/// What is the same in both forms.
template <class Scalar>
void copy_shared(const CompiledModel& model, const ModelWeights<const Scalar>& from,
                 const ModelWeights<Scalar>& to) {
  visit_tensors(
      model.own,
      [](const TensorShape& tensor, const MatrixView<const Scalar>& source,
         const MatrixView<Scalar>& target) {
        if (!tensor.is_projection) copy(source, target);
      },
      from, to);
}

/// W_q, W_k and W_v of one layer, with one row for each channel that the fused layer reads, or their
/// gradients.
template <class Scalar>
class FoldedProjections {
 public:
  FoldedProjections(const CompiledModel& model, int layer)
      : row_read_(layer == 0 ? &model.row_read : nullptr),
        rows_(model.fused.layers[std::size_t(layer)].attention.input_size),
        columns_(model.config.heads * model.config.key_size),
        numbers_(std::size_t(3) * rows_ * columns_) {}

  MatrixView<Scalar> query() { return projection(0); }
  MatrixView<Scalar> key() { return projection(1); }
  MatrixView<Scalar> value() { return projection(2); }

  /// Adds up the rows of what reads all channels.
  void fold(const AttentionWeights<const Scalar>& weights) {
    int index = 0;
    for (const auto& weight : {weights.query, weights.key, weights.value}) {
      const MatrixView<Scalar> folded = projection(index++);
      for (int channel = 0; channel < weight.rows; ++channel) {
        const int row = row_of(channel);
        if (row < 0) continue;
        for (int j = 0; j < columns_; ++j) folded(row, j) += weight(channel, j);
      }
    }
  }

  /// The backward pass of fold().
  void unfold(const AttentionWeights<Scalar>& gradients) {
    int index = 0;
    for (const auto& gradient : {gradients.query, gradients.key, gradients.value}) {
      const MatrixView<Scalar> folded = projection(index++);
      for (int channel = 0; channel < gradient.rows; ++channel) {
        const int row = row_of(channel);
        for (int j = 0; j < columns_; ++j) gradient(channel, j) = row < 0 ? 0 : folded(row, j);
      }
    }
  }

 private:
  MatrixView<Scalar> projection(int index) {
    return {numbers_.data() + std::ptrdiff_t(index) * rows_ * columns_, rows_, columns_};
  }
  [[nodiscard]] int row_of(int channel) const {
    return row_read_ ? (*row_read_)[std::size_t(channel)] : channel;
  }

  const std::vector<int>* row_read_;
  int rows_;
  int columns_;
  std::vector<Scalar> numbers_;
};

/// One head of one layer: where its part of each matrix stands, in the model's own form and fused.
struct HeadColumns {
  const AttentionConfig& own;
  const AttentionConfig& fused;
  int head;

  template <class View>
  [[nodiscard]] View own_columns(const View& matrix) const {
    return matrix.column_range(head * own.key_size, own.key_size);
  }
  template <class View>
  [[nodiscard]] View own_rows(const View& output) const {
    return output.row_range(head * own.value_size, own.value_size);
  }
  template <class View>
  [[nodiscard]] View fused_keys(const View& matrix) const {
    return matrix.column_range(head * fused.key_size, fused.key_size);
  }
  template <class View>
  [[nodiscard]] View fused_values(const View& matrix) const {
    return matrix.column_range(head * fused.value_size, fused.value_size);
  }
  template <class View>
  [[nodiscard]] View fused_rows(const View& output) const {
    return output.row_range(head * fused.value_size, fused.value_size);
  }
  /// What W_q W_k^T is multiplied with, as logits may be divided by the root of a key size, which is another
  /// one when fused.
  template <class Scalar>
  [[nodiscard]] Scalar product_scale() const {
    if (query_key_use(own.kind) != QueryKeyUse::scaled_product) return 1;
    return std::sqrt(Scalar(fused.key_size) / Scalar(own.key_size));
  }
};

template <class Scalar>
void fuse_query_key(const HeadColumns& of, FoldedProjections<Scalar>& folded,
                    const AttentionWeights<Scalar>& fused) {
  const MatrixView<Scalar> query = of.fused_keys(fused.query);
  const MatrixView<const Scalar> own_query = of.own_columns(folded.query());
  const MatrixView<const Scalar> own_key = of.own_columns(folded.key());
  if (of.fused.has_key) {
    copy(own_query, query);
    copy(own_key, of.fused_keys(fused.key));
  } else {
    multiply(own_query, own_key.transposed(), query);
    scale(query, of.product_scale<Scalar>());
  }
}

template <class Scalar>
void fuse_query_key_backward(const HeadColumns& of, FoldedProjections<Scalar>& folded,
                             const AttentionWeights<const Scalar>& fused_gradient,
                             FoldedProjections<Scalar>& folded_gradient) {
  const MatrixView<const Scalar> d_query = of.fused_keys(fused_gradient.query);
  const MatrixView<Scalar> d_own_query = of.own_columns(folded_gradient.query());
  const MatrixView<Scalar> d_own_key = of.own_columns(folded_gradient.key());
  if (of.fused.has_key) {
    copy(d_query, d_own_query);
    copy(of.fused_keys(fused_gradient.key), d_own_key);
  } else {
    multiply(d_query, read_only(of.own_columns(folded.key())), d_own_query);
    multiply(d_query.transposed(), read_only(of.own_columns(folded.query())), d_own_key);
    scale(d_own_query, of.product_scale<Scalar>());
    scale(d_own_key, of.product_scale<Scalar>());
  }
}

template <class Scalar>
void fuse_value_output(const HeadColumns& of, FoldedProjections<Scalar>& folded,
                       const AttentionWeights<const Scalar>& own, const AttentionWeights<Scalar>& fused) {
  const MatrixView<const Scalar> value = of.own_columns(folded.value());
  const MatrixView<const Scalar> output = of.own_rows(own.output);
  if (!of.fused.has_value) return multiply(value, output, of.fused_rows(fused.output));
  if (!of.fused.has_output) {
    return multiply(value, output.column_range(0, of.fused.value_size), of.fused_values(fused.value));
  }
  copy(value, of.fused_values(fused.value));
  copy(output, of.fused_rows(fused.output));
}

template <class Scalar>
void fuse_value_output_backward(const HeadColumns& of, FoldedProjections<Scalar>& folded,
                                const AttentionWeights<const Scalar>& own,
                                const AttentionWeights<const Scalar>& fused_gradient,
                                FoldedProjections<Scalar>& folded_gradient,
                                const AttentionWeights<Scalar>& own_gradient) {
  const MatrixView<const Scalar> value = of.own_columns(folded.value());
  const MatrixView<const Scalar> output = of.own_rows(own.output);
  const MatrixView<Scalar> d_value = of.own_columns(folded_gradient.value());
  const MatrixView<Scalar> d_output = of.own_rows(own_gradient.output);
  if (!of.fused.has_value) {
    const MatrixView<const Scalar> d_product = of.fused_rows(fused_gradient.output);
    multiply(d_product, output.transposed(), d_value);
    multiply(value.transposed(), d_product, d_output);
    return;
  }
  const MatrixView<const Scalar> d_fused_value = of.fused_values(fused_gradient.value);
  if (of.fused.has_output) {
    copy(d_fused_value, d_value);
    copy(of.fused_rows(fused_gradient.output), d_output);
    return;
  }
  const int columns = of.fused.value_size;
  multiply(d_fused_value, output.column_range(0, columns).transposed(), d_value);
  // Zero for the channels that are not computed.
  std::fill_n(d_output.data, std::ptrdiff_t(d_output.rows) * d_output.columns, Scalar{0});
  multiply(value.transposed(), d_fused_value, d_output.column_range(0, columns));
}

}  // namespace

template <class Scalar>
void fuse_weights(const CompiledModel& model, const ModelWeights<const Scalar>& own,
                  const ModelWeights<Scalar>& fused) {
  copy_shared(model, own, fused);
  for (std::size_t layer = 0; layer < own.layers.size(); ++layer) {
    FoldedProjections<Scalar> folded(model, int(layer));
    folded.fold(own.layers[layer].attention);
    for (int head = 0; head < model.config.heads; ++head) {
      const HeadColumns of = {model.own.layers[layer].attention, model.fused.layers[layer].attention, head};
      fuse_query_key(of, folded, fused.layers[layer].attention);
      fuse_value_output(of, folded, own.layers[layer].attention, fused.layers[layer].attention);
    }
  }
}

template <class Scalar>
void fuse_weights_backward(const CompiledModel& model, const ModelWeights<const Scalar>& own,
                           const ModelWeights<const Scalar>& fused_gradient,
                           const ModelWeights<Scalar>& own_gradient) {
  copy_shared(model, fused_gradient, own_gradient);
  for (std::size_t layer = 0; layer < own.layers.size(); ++layer) {
    FoldedProjections<Scalar> folded(model, int(layer));
    FoldedProjections<Scalar> folded_gradient(model, int(layer));
    folded.fold(own.layers[layer].attention);
    for (int head = 0; head < model.config.heads; ++head) {
      const HeadColumns of = {model.own.layers[layer].attention, model.fused.layers[layer].attention, head};
      fuse_query_key_backward(of, folded, fused_gradient.layers[layer].attention, folded_gradient);
      fuse_value_output_backward(of, folded, own.layers[layer].attention,
                                 fused_gradient.layers[layer].attention, folded_gradient,
                                 own_gradient.layers[layer].attention);
    }
    folded_gradient.unfold(own_gradient.layers[layer].attention);
  }
}

#define MESA_INSTANTIATE(Scalar)                                                               \
  template void fuse_weights(const CompiledModel&, const ModelWeights<const Scalar>&,          \
                             const ModelWeights<Scalar>&);                                     \
  template void fuse_weights_backward(const CompiledModel&, const ModelWeights<const Scalar>&, \
                                      const ModelWeights<const Scalar>&, const ModelWeights<Scalar>&);
MESA_INSTANTIATE(float)
MESA_INSTANTIATE(double)
#undef MESA_INSTANTIATE

}  // namespace mesa
