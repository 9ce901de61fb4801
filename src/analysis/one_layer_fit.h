#pragma once

#include <array>

#include "analysis/record.h"
#include "analysis/subject.h"
#include "evaluate/in_context_loss.h"
#include "reference/predictor.h"

namespace mesa {

/// One step of gradient descent from Phi_0 = initial_weight I with rate eta; see gradient_descent().
struct GradientStep {
  double eta;
  double initial_weight;
};

/// A term sum_{i <= t} v_i (k_i . q_t) of what a linear layer can compute from tokens that hold s_t and
/// s_{t-1}: each of v, k and q is the state itself, or with lag 1 the one before (zero before the first).
struct CubicFeature {
  int value_lag;
  int key_lag;
  int query_lag;
};

/// All eight of them.
inline constexpr std::array<CubicFeature, 8> kCubicFeatures = {
    {{0, 0, 0}, {0, 0, 1}, {0, 1, 0}, {0, 1, 1}, {1, 0, 0}, {1, 0, 1}, {1, 1, 0}, {1, 1, 1}}};

/// states [T + 1, d] -> [T d, 8]: row t d + c holds channel c of each feature at position t.
RowMatrix cubic_features(const RowMatrix& states);

/// Predicts the sum of all features, each times its coefficient.
Predictor cubic_predictor(const std::array<double, 8>& coefficients);

/// The same predictions, each channel clipped to +- limit as a model clips its own; limit 0 means no
/// clipping.
Predictor clipped(Predictor predict, double limit);

/// What comes nearest, in the mean square over the sequences, to the next states and to what `predict`
/// predicts.
struct OneLayerFit {
  GradientStep to_states;
  GradientStep to_predictions;
  /// Mean square of what is left of the predictions without those of to_predictions, as a share of their own.
  double unexplained;
  std::array<double, 8> features_to_states;
  std::array<double, 8> features_to_predictions;
};

OneLayerFit fit_one_layer(const DrawnSequences& sequences, const Predictor& predict, int threads);

/// How near two predictors' guesses are to each other, over sequences and positions t >= 2, the first having
/// nothing to learn from.
struct PredictionLikeness {
  double mean_cosine;     ///< of the angle between the two vectors [d] at each position, averaged
  double overall_cosine;  ///< of that between all predictions as one vector
  double mean_distance;   ///< |p_t - p'_t|, averaged
  double mean_length;     ///< of the first one's |p_t|
};

PredictionLikeness prediction_likeness(const DrawnSequences& sequences, const Predictor& first,
                                       const Predictor& second, int threads);

/// The one-layer study (paper, section "Reverse-engineering the trained Transformers"): the model
/// beside one tuned step of gradient descent and the best combination of the eight features, all fitted on
/// some sequences and measured on others, with predictions clipped as the model clips its own and without.
/// Throws Error unless the model has one layer on constructed tokens.
Record analyze_one_layer_fit(const Subject& subject, const Effort& effort);
void check_one_layer_fit(const Subject& subject);

}  // namespace mesa
