#include "analysis/one_layer_fit.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "analysis/normal_equations.h"
#include "analysis/requirements.h"
#include "analysis/sum_over_sequences.h"
#include "core/error.h"
#include "core/help.h"
#include "core/matrix_product.h"
#include "evaluate/model_predictor.h"
#include "reference/gradient_descent.h"

namespace mesa {
namespace {

/// The columns of the fits' data: the features, then the state and the two targets.
constexpr Eigen::Index kFeatures = kCubicFeatures.size();
constexpr Eigen::Index kState = kFeatures;
constexpr Eigen::Index kNextState = kFeatures + 1;
constexpr Eigen::Index kPrediction = kFeatures + 2;
constexpr int kColumns = kFeatures + 3;

/// The two features that a gradient step consists of: sum s_{t'+1} (s_t' . s_t) and sum s_t' (s_t' . s_t).
constexpr Eigen::Index kPull = 2;
constexpr Eigen::Index kShrink = 6;

/// Z^T Z, where Z has these columns and a row for each sequence, position and channel.
RowMatrix moments(const DrawnSequences& sequences, const Predictor& predict, int threads) {
  std::vector<Predictor> predictors(std::size_t(threads), predict);
  const auto add = [&](int worker, int sequence, RowMatrix& sum) {
    const RowMatrix states = sequences[sequence];
    const RowMatrix features = cubic_features(states);
    const RowMatrix predictions = predictors[std::size_t(worker)](states);
    RowMatrix columns(features.rows(), kColumns);
    for (Eigen::Index row = 0; row < columns.rows(); ++row) {
      std::copy(&features(row, 0), &features(row, 0) + kFeatures, &columns(row, 0));
      columns(row, kState) = states.data()[row];
      columns(row, kNextState) = states.data()[row + states.cols()];
      columns(row, kPrediction) = predictions.data()[row];
    }
    const MatrixView<const double> z(columns.data(), int(columns.rows()), kColumns);
    multiply_accumulate(z.transposed(), z, {sum.data(), kColumns, kColumns});
  };
  return sum_over_sequences(sequences.size(), threads, RowMatrix::Zero(kColumns, kColumns), add);
}

/// The coefficients of a linear combination of the columns.
using Combination = std::array<double, std::size_t(kColumns)>;

/// The inner product of two linear combinations.
double product(const RowMatrix& moments, const Combination& a, const Combination& b) {
  double sum = 0;
  for (Eigen::Index i = 0; i < kColumns; ++i) {
    for (Eigen::Index j = 0; j < kColumns; ++j) sum += a[std::size_t(i)] * moments(i, j) * b[std::size_t(j)];
  }
  return sum;
}

/// Column `first` plus `factor` times column `second`.
Combination combination(Eigen::Index first, Eigen::Index second, double factor) {
  Combination sum{};
  sum[std::size_t(first)] = 1;
  sum[std::size_t(second)] = factor;
  return sum;
}

/// The step nearest to the target column. Its predictions w0 s + eta (pull - w0 shrink) are linear in either
/// number given the other, so the two are fitted in turn.
GradientStep nearest_step(const RowMatrix& moments, Eigen::Index target) {
  constexpr int kMostRounds = 1000;
  constexpr double kTolerance = 1e-12;
  const auto multiple = [&](const Combination& direction, const Combination& aim) {
    return product(moments, aim, direction) / product(moments, direction, direction);
  };
  GradientStep step{0, 0};
  for (int round = 0; round < kMostRounds; ++round) {
    const GradientStep before = step;
    step.eta = multiple(combination(kPull, kShrink, -step.initial_weight),
                        combination(target, kState, -step.initial_weight));
    step.initial_weight =
        multiple(combination(kState, kShrink, -step.eta), combination(target, kPull, -step.eta));
    if (std::abs(step.eta - before.eta) < kTolerance * std::abs(step.eta) &&
        std::abs(step.initial_weight - before.initial_weight) < kTolerance) {
      break;
    }
  }
  return step;
}

double unexplained_share(const RowMatrix& moments, const GradientStep& step) {
  Combination rest = combination(kPrediction, kState, -step.initial_weight);
  rest[kPull] = -step.eta;
  rest[kShrink] = step.eta * step.initial_weight;
  return product(moments, rest, rest) / moments(kPrediction, kPrediction);
}

std::array<double, 8> nearest_features(const RowMatrix& moments, Eigen::Index target) {
  const RowMatrix solution = solve_normal_equations(moments.topLeftCorner(kFeatures, kFeatures),
                                                    moments.col(target).head(kFeatures));
  std::array<double, 8> coefficients{};
  std::copy(solution.data(), solution.data() + kFeatures, coefficients.begin());
  return coefficients;
}

}  // namespace

RowMatrix cubic_features(const RowMatrix& states) {
  const Eigen::Index d = states.cols();
  const Eigen::Index count = states.rows() - 1;
  RowMatrix features = RowMatrix::Zero(count * d, kFeatures);
  const RowMatrix none = RowMatrix::Zero(1, d);
  std::vector<double> sums(std::size_t(4 * d * d));  // [value lag, key lag, d, d] of v_i k_i^T
  for (Eigen::Index t = 0; t < count; ++t) {
    const double* const history[] = {&states(t, 0), t > 0 ? &states(t - 1, 0) : none.data()};
    for (Eigen::Index i = 0; i < kFeatures; ++i) {
      const CubicFeature& feature = kCubicFeatures[std::size_t(i)];
      const double* value = history[feature.value_lag];
      const double* key = history[feature.key_lag];
      const double* query = history[feature.query_lag];
      double* sum = &sums[std::size_t((2 * feature.value_lag + feature.key_lag) * d * d)];
      for (Eigen::Index row = 0; row < d; ++row, sum += d) {
        for (Eigen::Index column = 0; column < d; ++column) {
          // Two features share a sum, to which the token is added once.
          if (feature.query_lag == 0) sum[column] += value[row] * key[column];
          features(t * d + row, i) += sum[column] * query[column];
        }
      }
    }
  }
  return features;
}

Predictor cubic_predictor(const std::array<double, 8>& coefficients) {
  return [=](const RowMatrix& states) {
    const RowMatrix features = cubic_features(states);
    RowMatrix predictions = RowMatrix::Zero(states.rows() - 1, states.cols());
    for (Eigen::Index i = 0; i < features.size(); ++i) {
      predictions.data()[i / kFeatures] += coefficients[std::size_t(i % kFeatures)] * features.data()[i];
    }
    return predictions;
  };
}

Predictor clipped(Predictor predict, double limit) {
  if (limit == 0) return predict;
  return [=, predict = std::move(predict)](const RowMatrix& states) {
    RowMatrix predictions = predict(states);
    for (Eigen::Index i = 0; i < predictions.size(); ++i) {
      predictions.data()[i] = std::clamp(predictions.data()[i], -limit, limit);
    }
    return predictions;
  };
}

OneLayerFit fit_one_layer(const DrawnSequences& sequences, const Predictor& predict, int threads) {
  const RowMatrix sums = moments(sequences, predict, threads);
  const GradientStep to_predictions = nearest_step(sums, kPrediction);
  return {nearest_step(sums, kNextState), to_predictions, unexplained_share(sums, to_predictions),
          nearest_features(sums, kNextState), nearest_features(sums, kPrediction)};
}

PredictionLikeness prediction_likeness(const DrawnSequences& sequences, const Predictor& first,
                                       const Predictor& second, int threads) {
  enum Sum { cosine, distance, length, along, first_square, second_square, positions, sums };
  std::vector<Predictor> firsts(std::size_t(threads), first);
  std::vector<Predictor> seconds(std::size_t(threads), second);
  const auto add = [&](int worker, int sequence, RowMatrix& sum) {
    const RowMatrix states = sequences[sequence];
    const RowMatrix a = firsts[std::size_t(worker)](states);
    const RowMatrix b = seconds[std::size_t(worker)](states);
    for (Eigen::Index t = 1; t < a.rows(); ++t) {
      double ab = 0;
      double aa = 0;
      double bb = 0;
      for (Eigen::Index i = 0; i < a.cols(); ++i) {
        ab += a(t, i) * b(t, i);
        aa += a(t, i) * a(t, i);
        bb += b(t, i) * b(t, i);
      }
      sum(0, cosine) += aa * bb > 0 ? ab / std::sqrt(aa * bb) : 0;
      sum(0, distance) += std::sqrt(std::max(aa - 2 * ab + bb, 0.0));
      sum(0, length) += std::sqrt(aa);
      sum(0, along) += ab;
      sum(0, first_square) += aa;
      sum(0, second_square) += bb;
      sum(0, positions) += 1;
    }
  };
  const RowMatrix total = sum_over_sequences(sequences.size(), threads, RowMatrix::Zero(1, sums), add);
  const double count = total(0, positions);
  return {total(0, cosine) / count,
          total(0, along) / std::sqrt(total(0, first_square) * total(0, second_square)),
          total(0, distance) / count, total(0, length) / count};
}

namespace {

/// The predictors that the study compares, the model first.
constexpr const char* kCompared[] = {"model",          "gradient_descent",       "gradient_descent_clipped",
                                     "eight_features", "eight_features_clipped", "zero"};

/// Their held-out losses.
Record losses_record(const std::vector<LossCurve>& losses) {
  Record means{};
  Record errors{};
  Record curves{};
  for (std::size_t i = 0; i < losses.size(); ++i) {
    means.fields.emplace_back(kCompared[i], losses[i].mean);
    errors.fields.emplace_back(kCompared[i], losses[i].standard_error);
    curves.fields.emplace_back(kCompared[i], losses[i].by_position);
  }
  return {{"mean", means}, {"standard_error", errors}, {"curves", curves}};
}

/// The ratios of the model's loss to each of the others.
Record ratios_record(const std::vector<LossCurve>& losses) {
  Record ratios{};
  for (std::size_t i = 1; i < losses.size(); ++i) {
    const LossRatio ratio = loss_ratio(losses[0], losses[i]);
    ratios.fields.emplace_back(kCompared[i],
                               Record{{"value", ratio.value}, {"standard_error", ratio.standard_error}});
  }
  return ratios;
}

std::vector<Record> feature_records(const OneLayerFit& fit) {
  const auto name = [](int lag) { return std::string(lag == 0 ? "current" : "previous"); };
  std::vector<Record> records;
  for (std::size_t i = 0; i < kCubicFeatures.size(); ++i) {
    records.push_back({{"value", name(kCubicFeatures[i].value_lag)},
                       {"key", name(kCubicFeatures[i].key_lag)},
                       {"query", name(kCubicFeatures[i].query_lag)},
                       {"optimum", fit.features_to_states[i]},
                       {"model", fit.features_to_predictions[i]}});
  }
  return records;
}

Record step_record(const GradientStep& step) {
  return {{"eta", step.eta}, {"initial_weight", step.initial_weight}};
}

}  // namespace

void check_one_layer_fit(const Subject& subject) {
  if (subject.model.layers != 1) {
    throw out_of_range("layers", 1, 1, subject.model.layers, {},
                       help("expected 1, as in the preset linear-1"));
  }
  if (subject.tokens.kind == TokenKind::constructed || subject.tokens.kind == TokenKind::constructed_masked) {
    return;
  }
  constexpr std::string_view kConstructed[] = {"constructed", "constructed_masked"};
  throw needs("tokens", kConstructed, kTokenKindNames[std::size_t(subject.tokens.kind)],
              help("expected constructed tokens, as in the preset linear-1"));
}

Record analyze_one_layer_fit(const Subject& subject, const Effort& effort) {
  const ModelConfig& model = subject.model;
  const auto draw = [&](RandomPurpose purpose) {
    return DrawnSequences(subject.task, subject.seed, purpose, effort.sequences);
  };
  const Predictor predict = model_predictor(model, subject.tokens, subject.parameters);
  const OneLayerFit fit = fit_one_layer(draw(RandomPurpose::tuning), predict, effort.threads);
  effort.progress(0.4);

  const DrawnSequences held_out = draw(RandomPurpose::held_out);
  const Predictor step = gradient_descent(fit.to_states.eta, fit.to_states.initial_weight);
  const Predictor clipped_step = clipped(step, model.residual_limit);
  const Predictor features = cubic_predictor(fit.features_to_states);
  std::vector<LossCurve> losses;
  for (const Predictor& each :
       {predict, step, clipped_step, features, clipped(features, model.residual_limit), predict_zero()}) {
    losses.push_back(in_context_loss(held_out, each, effort.threads));
  }
  effort.progress(0.8);

  const PredictionLikeness likeness = prediction_likeness(held_out, predict, clipped_step, effort.threads);
  Record fitted_to_model = step_record(fit.to_predictions);
  fitted_to_model.fields.emplace_back("unexplained", fit.unexplained);
  return {{"gradient_descent", step_record(fit.to_states)},
          {"fitted_to_model", fitted_to_model},
          {"features", feature_records(fit)},
          {"loss", losses_record(losses)},
          {"model_to", ratios_record(losses)},
          {"likeness", Record{{"mean_cosine", likeness.mean_cosine},
                              {"overall_cosine", likeness.overall_cosine},
                              {"mean_distance", likeness.mean_distance},
                              {"mean_length", likeness.mean_length}}}};
}

}  // namespace mesa
