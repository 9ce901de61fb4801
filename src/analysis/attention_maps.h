#pragma once

#include <span>
#include <vector>

#include "analysis/record.h"
#include "analysis/subject.h"
#include "model/workspace.h"
#include "reference/predictor.h"

namespace mesa {

/// The mean over sequences of |score| [T, T] of every head, layer after layer: row t is what position t looks
/// at. Scores are those of attention_scores(); their sign means nothing by itself, since the values' may
/// be turned round with it. Softmax scores have none.
std::vector<RowMatrix> mean_absolute_scores(const Subject& subject, const Effort& effort);

/// Share of a row's sum that falls on position t itself and on t - 1, averaged over rows t >= 8 or, of a
/// shorter map, the last.
struct NearbyShare {
  double current;
  double previous;
};

NearbyShare nearby_share(const RowMatrix& map);

/// The first layer of a model, differentiated with respect to the states. f1_t [D] is the residual stream
/// after that layer, MLP and clipping included, since that is what later layers read.
template <class Scalar>
class FirstLayer {
 public:
  FirstLayer(const ModelConfig& model, const TokenConfig& tokens, std::span<const float> parameters);

  /// Computes f1 [T, D] of states [T + 1, d].
  MatrixView<const Scalar> run(const RowMatrix& states);

  /// The gradient [T, d] of direction [D] . f1_t with respect to the states that run() was given.
  RowMatrix gradient(int t, std::span<const Scalar> direction);

 private:
  CompiledModel model_;  ///< of one layer, whose predictions are f1
  TokenConfig tokens_;
  int observation_size_;
  std::vector<Scalar> parameters_;
  std::vector<Scalar> unused_gradient_;  ///< of the parameters
  Workspace<Scalar> workspace_;
};

/// How strongly the first layer's output at t depends on the state at t': the root of the mean over sequences
/// of |d f1_t / d s_t'|^2 (Frobenius), [T, T]. Each sequence contributes |J^T u|^2 for one direction u of
/// random signs, whose expectation that is (Hutchinson 1990).
RowMatrix sensitivity(const Subject& subject, int sequences, int threads);

/// heads: of every layer and head the map and its nearby shares; layers: the shares averaged over heads;
/// uniform: the share of each of the two if all positions were looked at alike; sensitivity.
Record analyze_attention(const Subject& subject, const Effort& effort);

}  // namespace mesa
