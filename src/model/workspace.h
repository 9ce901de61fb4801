#pragma once

#include <optional>
#include <vector>

#include "core/arena.h"
#include "model/compiled_model.h"
#include "nn/attention.h"
#include "nn/layer_norm.h"
#include "nn/mlp.h"

namespace mesa {

/// What one layer computes for a tile, besides the residual stream.
template <class Scalar>
struct LayerActivations {
  /// Room for R = N T rows.
  LayerActivations(const LayerPlan& plan, int width, int sequences, int positions, Arena<Scalar>& arena);

  /// What the attention reads, given the residual stream before the layer.
  [[nodiscard]] MatrixView<const Scalar> attention_input(const MatrixView<const Scalar>& residual) const {
    return plan.has_norm ? read_only(attention_norm.output.row_range(0, residual.rows)) : residual;
  }

  LayerPlan plan;
  AttentionActivations<Scalar> attention;
  LayerNormActivations<Scalar> attention_norm;
  MatrixView<Scalar>
      between;  ///< [R, D], the residual stream between attention and MLP; empty without an MLP
  LayerNormActivations<Scalar> mlp_norm;
  MlpActivations<Scalar> mlp;
};

/// Memory for the backward pass of one layer, which is that of all layers.
template <class Scalar>
struct LayerGradients {
  LayerGradients(const LayerActivations<Scalar>& layer, int rows, int width, Arena<Scalar>& arena);

  AttentionGradients<Scalar> attention;
  MlpActivations<Scalar> mlp;
  MatrixView<Scalar> normalised;  ///< [R, D], of a layer norm's output; empty without one
};

/// Which passes a workspace is for.
enum class Passes { forward, forward_and_backward };

/// Everything that one thread needs to run a model over a tile of up to N sequences: activations, gradients
/// and scratch, in one block of memory. Fill tokens(n), forward(), fill prediction_gradient(n), backward()
/// (transformer.h).
template <class Scalar>
class Workspace {
 public:
  Workspace(const CompiledModel& model, int sequences, Passes passes = Passes::forward_and_backward);

  /// How many numbers the block of such a workspace has.
  static double numbers(const CompiledModel& model, int sequences, Passes passes);

  /// Makes the tile smaller than the room there is, for the last one of a batch.
  void set_sequences(int sequences);
  [[nodiscard]] int sequences() const { return sequences_; }
  [[nodiscard]] int positions() const { return positions_; }

  /// The input of one sequence: [T, embedded_size], or without an embedding [T, D].
  [[nodiscard]] MatrixView<Scalar> tokens(int sequence) const {
    return of_sequence(views_.embedded.data ? views_.embedded : views_.residuals[0], sequence);
  }
  /// The tokens of all sequences.
  [[nodiscard]] MatrixView<Scalar> tokens() const {
    return tile_of(views_.embedded.data ? views_.embedded : views_.residuals[0]);
  }
  /// The residual stream [N T, D] before layer `depth`; depth L is the last layer's output.
  [[nodiscard]] MatrixView<Scalar> residual(int depth) const {
    return tile_of(views_.residuals[std::size_t(depth)]);
  }
  /// That of one sequence: [T, D].
  [[nodiscard]] MatrixView<Scalar> residual(int depth, int sequence) const {
    return of_sequence(views_.residuals[std::size_t(depth)], sequence);
  }
  /// The model's guesses of s_2 .. s_{T+1}: [N T, d], and for one sequence [T, d].
  [[nodiscard]] MatrixView<Scalar> predictions() const { return tile_of(views_.predictions); }
  [[nodiscard]] MatrixView<Scalar> predictions(int sequence) const {
    return of_sequence(views_.predictions, sequence);
  }
  [[nodiscard]] MatrixView<const Scalar> encoding() const { return views_.encoding; }  ///< [T, D] or empty
  [[nodiscard]] const LayerActivations<Scalar>& layer(int index) const {
    return views_.layers[std::size_t(index)];
  }

  /// The gradient of the loss with respect to the predictions: [N T, d], and for one sequence [T, d].
  [[nodiscard]] MatrixView<Scalar> prediction_gradient() const { return tile_of(views_.prediction_gradient); }
  [[nodiscard]] MatrixView<Scalar> prediction_gradient(int sequence) const {
    return of_sequence(views_.prediction_gradient, sequence);
  }
  /// Zeroes what backward() reads.
  void clear_gradients();
  /// The gradient with respect to the residual stream: [N T, D], and for one sequence [T, D]. After
  /// backward() of the first one.
  [[nodiscard]] MatrixView<Scalar> residual_gradient() const { return tile_of(views_.residual_gradient); }
  [[nodiscard]] MatrixView<Scalar> residual_gradient(int sequence) const {
    return of_sequence(views_.residual_gradient, sequence);
  }
  [[nodiscard]] const LayerGradients<Scalar>& layer_gradients(int index) const {
    return views_.layer_gradients[std::size_t(index)];
  }

 private:
  /// All buffers, as they lie in an arena.
  struct Views {
    Views(const CompiledModel& model, int sequences, Passes passes, Arena<Scalar>& arena);

    MatrixView<Scalar> embedded;                   ///< [N T, embedded_size], empty without an embedding
    MatrixView<Scalar> encoding;                   ///< [T, D], empty without a positional encoding
    std::vector<MatrixView<Scalar>> residuals;     ///< L + 1 times [N T, D]
    std::vector<LayerActivations<Scalar>> layers;  ///< L times
    MatrixView<Scalar> predictions;        ///< [N T, d], without a learned head channels of the last residual
    MatrixView<Scalar> residual_gradient;  ///< [N T, D]
    MatrixView<Scalar> prediction_gradient;               ///< [N T, d], likewise
    std::vector<LayerGradients<Scalar>> layer_gradients;  ///< L times, all in the same memory
  };

  [[nodiscard]] MatrixView<Scalar> tile_of(const MatrixView<Scalar>& tensor) const {
    return tensor.row_range(0, sequences_ * positions_);
  }
  [[nodiscard]] MatrixView<Scalar> of_sequence(const MatrixView<Scalar>& tensor, int sequence) const {
    return tensor.row_range(sequence * positions_, positions_);
  }

  int sequences_;
  int positions_;
  ArenaBlock<Scalar> block_;
  Views views_;
};

}  // namespace mesa
