#pragma once

#include <span>
#include <vector>

#include "analysis/record.h"
#include "analysis/subject.h"
#include "model/workspace.h"
#include "reference/predictor.h"

namespace mesa {

/// The mean over sequences of |score| [T, T] for every head, layer after layer; row t is what position t
/// attends to. Scores are those of attention_scores(). Their signs mean nothing without those of the values;
/// softmax scores have none.
std::vector<RowMatrix> mean_absolute_scores(const Subject& subject, const Effort& effort);

/// The shares of a row's sum at position t itself and at t - 1, averaged over the rows t >= 8, or the last
/// row of a shorter map.
struct NearbyShare {
  double current;
  double previous;
};

NearbyShare nearby_share(const RowMatrix& map);

/// The first layer of a model, differentiated with respect to the states. f1_t [D] is the residual stream
/// after that layer, its MLP and clipping included, which is what later layers read.
template <class Scalar>
class FirstLayer {
 public:
  FirstLayer(const ModelConfig& model, const TokenConfig& tokens, std::span<const float> parameters);

  /// Computes f1 [T, D] of states [T + 1, d].
  MatrixView<const Scalar> run(const RowMatrix& states);

  /// The gradient [T, d] of direction [D] . f1_t with respect to the states that run() was given.
  RowMatrix gradient(int t, std::span<const Scalar> direction);

 private:
  CompiledModel model_;  ///< with one layer, whose predictions are f1
  TokenConfig tokens_;
  int observation_size_;
  std::vector<Scalar> parameters_;
  std::vector<Scalar> unused_gradient_;  ///< of the parameters
  Workspace<Scalar> workspace_;
};

/// How strongly the first layer's output at t depends on the state at t': the root of the mean over sequences
/// of |d f1_t / d s_t'|^2 (Frobenius), [T, T]. Each sequence contributes |J^T u|^2 for a direction u of
/// random signs, whose expectation equals it (Hutchinson 1990).
RowMatrix sensitivity(const Subject& subject, int sequences, int threads);

/// Returns heads: the map and nearby shares of every layer and head; layers: the shares averaged over heads;
/// uniform: either share if all positions were attended to equally; sensitivity.
Record analyze_attention(const Subject& subject, const Effort& effort);

}  // namespace mesa
