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

/// A term sum_{i <= t} v_i (k_i . q_t) that a linear layer can compute from tokens that hold s_t and s_{t-1}:
/// each of v, k and q is the current state, or with lag 1 the previous one (zero before the first).
struct CubicFeature {
  int value_lag;
  int key_lag;
  int query_lag;
};

/// All eight features.
inline constexpr std::array<CubicFeature, 8> kCubicFeatures = {
    {{0, 0, 0}, {0, 0, 1}, {0, 1, 0}, {0, 1, 1}, {1, 0, 0}, {1, 0, 1}, {1, 1, 0}, {1, 1, 1}}};

/// states [T + 1, d] -> [T d, 8]: row t d + c holds channel c of each feature at position t.
RowMatrix cubic_features(const RowMatrix& states);

/// Predicts the sum of all features, each times its coefficient.
Predictor cubic_predictor(const std::array<double, 8>& coefficients);

/// The same predictions, each channel clipped to +- limit as a model clips its own; limit 0 means never.
Predictor clipped(Predictor predict, double limit);

/// The gradient steps and combinations of features that come nearest, in mean square over the sequences, to
/// the next states and to the predictions of `predict`.
struct OneLayerFit {
  GradientStep to_states;
  GradientStep to_predictions;
  /// The share of the predictions' mean square that to_predictions leaves.
  double unexplained;
  std::array<double, 8> features_to_states;
  std::array<double, 8> features_to_predictions;
};

OneLayerFit fit_one_layer(const DrawnSequences& sequences, const Predictor& predict, int threads);

/// How close two predictors' predictions are, over sequences and positions t >= 2, as there is nothing to
/// learn from at the first.
struct PredictionLikeness {
  double mean_cosine;     ///< of the two vectors [d] at each position, averaged
  double overall_cosine;  ///< of all predictions as one vector
  double mean_distance;   ///< |p_t - p'_t|, averaged
  double mean_length;     ///< of the first predictor's p_t, averaged
};

PredictionLikeness prediction_likeness(const DrawnSequences& sequences, const Predictor& first,
                                       const Predictor& second, int threads);

/// The one-layer study (paper, section "Reverse-engineering the trained Transformers"): compares the model
/// with one tuned step of gradient descent and the best combination of the eight features. All are fitted on
/// some sequences and measured on others, with and without the model's clipping.
Record analyze_one_layer_fit(const Subject& subject, const Effort& effort);
/// Throws Error unless the model has one layer on constructed tokens.
void check_one_layer_fit(const Subject& subject);

}  // namespace mesa
