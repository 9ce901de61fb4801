#pragma once

#include <optional>
#include <vector>

#include "model/config.h"
#include "model/parameters.h"
#include "nn/attention.h"
#include "nn/layer_norm.h"
#include "nn/mlp.h"

namespace mesa {

/// What one layer computes for a tile, besides the residual stream.
template <class Scalar>
struct LayerActivations {
  LayerActivations(const ModelConfig& config, const AttentionConfig& attention, int sequences);

  AttentionActivations<Scalar> attention;
  std::optional<LayerNormActivations<Scalar>> attention_norm;
  std::vector<Scalar>
      between;  ///< [N T, D], the residual stream between attention and MLP; empty without an MLP
  std::optional<LayerNormActivations<Scalar>> mlp_norm;
  std::optional<MlpActivations<Scalar>> mlp;
};

/// Everything a Transformer computes for one tile of N sequences. Fill tokens(n), then forward().
template <class Scalar>
struct Activations {
  /// Room for tiles of up to `sequences` sequences.
  Activations(const ModelConfig& config, int sequences);

  /// Makes the tile smaller than the room there is, for the last one of a batch.
  void set_sequences(int sequences);
  [[nodiscard]] int sequences() const { return rows / config.positions; }

  /// The input of one sequence: [T, embedded_size], or without an embedding [T, D].
  MatrixView<Scalar> tokens(int sequence);
  /// The residual stream [N T, D] before layer `depth`; depth L is the last layer's output.
  MatrixView<Scalar> residual(int depth) {
    return {residuals[std::size_t(depth)].data(), rows, config.width};
  }
  /// The residual stream of one sequence: [T, D].
  MatrixView<Scalar> residual(int depth, int sequence) {
    return residual(depth).row_range(sequence * config.positions, config.positions);
  }
  /// The model's guesses of s_2 .. s_{T+1} for one sequence: [T, d].
  MatrixView<Scalar> predictions(int sequence);

  ModelConfig config;
  int rows;                                      ///< N T
  std::vector<Scalar> embedded;                  ///< [N T, embedded_size], empty without an embedding
  std::vector<Scalar> encoding;                  ///< [T, D], empty without a positional encoding
  std::vector<std::vector<Scalar>> residuals;    ///< L + 1 times [N T, D]
  std::vector<LayerActivations<Scalar>> layers;  ///< L times
  std::vector<Scalar> outputs;                   ///< [N T, d], empty without a learned head
};

/// What the way back works on: the same quantities' gradients, one layer at a time.
template <class Scalar>
struct ActivationGradients {
  ActivationGradients(const ModelConfig& config, int sequences);

  /// Zeroes what backward() reads.
  void clear();
  /// The gradient [T, d] of the loss with respect to one sequence's predictions.
  MatrixView<Scalar> predictions(int sequence);
  /// That [T, D] with respect to one sequence's residual stream.
  MatrixView<Scalar> residual(int sequence);

  ModelConfig config;
  std::vector<Scalar> residuals;   ///< [N T, D]
  std::vector<Scalar> normalised;  ///< [N T, D], of a layer norm's output
  std::vector<Scalar> outputs;     ///< [N T, d], empty without a learned head
  LayerActivations<Scalar> layer;
};

/// How many numbers Activations and ActivationGradients have room for, together.
double activation_numbers(const ModelConfig& config, int sequences);

/// What a pass is for: everything, or just the predictions and, on the way back, the parameters' gradient.
/// The latter leaves undefined the other channels of the last residual stream and the gradient of the tokens;
/// it is all that a model can do whose layers have shapes of their own.
enum class Pass { complete, predictions };

/// Runs the tile whose tokens stand in the activations through all layers.
template <class Scalar>
void forward(const ParameterTable& table, const Scalar* parameters, Activations<Scalar>& activations,
             Pass pass = Pass::complete);

/// The other way. On entry gradients.predictions holds the loss's gradient, all else being zero; on return
/// gradients.residual that of the first residual stream. The weights' gradient is added to
/// parameter_gradient.
template <class Scalar>
void backward(const ParameterTable& table, const Scalar* parameters, Activations<Scalar>& activations,
              Scalar* parameter_gradient, ActivationGradients<Scalar>& gradients, Pass pass = Pass::complete);

}  // namespace mesa
