#include "analysis/one_layer_fit.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "analysis/normal_equations.h"
#include "analysis/sum_over_sequences.h"
#include "core/error.h"
#include "evaluate/model_predictor.h"
#include "reference/gradient_descent.h"

namespace mesa {
namespace {

/// Columns of what the fits look at: the features come first, then the state and the two targets.
constexpr Eigen::Index kFeatures = kCubicFeatures.size();
constexpr Eigen::Index kState = kFeatures;
constexpr Eigen::Index kNextState = kFeatures + 1;
constexpr Eigen::Index kPrediction = kFeatures + 2;
constexpr Eigen::Index kColumns = kFeatures + 3;

/// The two features that a gradient step is made of: sum s_{t'+1} (s_t' . s_t) and sum s_t' (s_t' . s_t).
constexpr Eigen::Index kPull = 2;
constexpr Eigen::Index kShrink = 6;

auto as_column(const RowMatrix& rows) { return Eigen::Map<const Eigen::VectorXd>(rows.data(), rows.size()); }

/// Z^T Z of all columns, Z having a row for each sequence, position and channel.
RowMatrix moments(const DrawnSequences& sequences, const Predictor& predict, int threads) {
  std::vector<Predictor> predictors(std::size_t(threads), predict);
  return sum_over_sequences(sequences.size(), threads, RowMatrix::Zero(kColumns, kColumns),
                            [&](int worker, int sequence, RowMatrix& sum) {
                              const RowMatrix states = sequences[sequence];
                              const Eigen::Index count = states.rows() - 1;
                              RowMatrix columns(count * states.cols(), kColumns);
                              columns.leftCols(kFeatures) = cubic_features(states);
                              columns.col(kState) = as_column(states.topRows(count));
                              columns.col(kNextState) = as_column(states.bottomRows(count));
                              columns.col(kPrediction) = as_column(predictors[std::size_t(worker)](states));
                              for (Eigen::Index row = 0; row < columns.rows(); ++row) {
                                sum += columns.row(row).transpose() * columns.row(row);
                              }
                            });
}

/// The step nearest to the target column, whose predictions are w0 s + eta (pull - w0 shrink): given one of
/// the two numbers that is linear in the other, so they are found in turns.
GradientStep nearest_step(const RowMatrix& moments, Eigen::Index target) {
  constexpr int kMostRounds = 1000;
  constexpr double kTolerance = 1e-12;
  using Combination = Eigen::Matrix<double, kColumns, 1>;
  const auto unit = [](Eigen::Index column) -> Combination { return Combination::Unit(column); };
  const auto multiple = [&](const Combination& direction, const Combination& aim) {
    const Combination product = moments.lazyProduct(direction);
    return aim.dot(product) / direction.dot(product);
  };
  GradientStep step{0, 0};
  for (int round = 0; round < kMostRounds; ++round) {
    const GradientStep before = step;
    step.eta = multiple(unit(kPull) - step.initial_weight * unit(kShrink),
                        unit(target) - step.initial_weight * unit(kState));
    step.initial_weight =
        multiple(unit(kState) - step.eta * unit(kShrink), unit(target) - step.eta * unit(kPull));
    if (std::abs(step.eta - before.eta) < kTolerance * std::abs(step.eta) &&
        std::abs(step.initial_weight - before.initial_weight) < kTolerance) {
      break;
    }
  }
  return step;
}

double unexplained_share(const RowMatrix& moments, const GradientStep& step) {
  Eigen::Matrix<double, kColumns, 1> rest = Eigen::Matrix<double, kColumns, 1>::Unit(kPrediction);
  rest[kState] = -step.initial_weight;
  rest[kPull] = -step.eta;
  rest[kShrink] = step.eta * step.initial_weight;
  return rest.dot(moments.lazyProduct(rest)) / moments(kPrediction, kPrediction);
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
  RowMatrix features(count * d, kFeatures);
  RowMatrix history = RowMatrix::Zero(2, d);  // the state, and the one before
  RowMatrix sums[2][2];                       // of v_i k_i^T, by the lags of v and k
  for (auto& of_value : sums) std::fill(std::begin(of_value), std::end(of_value), RowMatrix::Zero(d, d));
  for (Eigen::Index t = 0; t < count; ++t) {
    history.row(1) = history.row(0);
    history.row(0) = states.row(t);
    for (int value = 0; value < 2; ++value) {
      for (int key = 0; key < 2; ++key) {
        sums[value][key] += history.row(value).transpose() * history.row(key);
      }
    }
    for (Eigen::Index i = 0; i < kFeatures; ++i) {
      const CubicFeature& feature = kCubicFeatures[std::size_t(i)];
      features.col(i).segment(t * d, d) =
          sums[feature.value_lag][feature.key_lag].lazyProduct(history.row(feature.query_lag).transpose());
    }
  }
  return features;
}

Predictor cubic_predictor(const std::array<double, 8>& coefficients) {
  return [=](const RowMatrix& states) -> RowMatrix {
    const Eigen::VectorXd sum =
        cubic_features(states).lazyProduct(Eigen::Map<const Eigen::VectorXd>(coefficients.data(), kFeatures));
    return Eigen::Map<const RowMatrix>(sum.data(), states.rows() - 1, states.cols());
  };
}

Predictor clipped(Predictor predict, double limit) {
  if (limit == 0) return predict;
  return [=, predict = std::move(predict)](const RowMatrix& states) -> RowMatrix {
    return predict(states).cwiseMax(-limit).cwiseMin(limit);
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
  std::vector<std::pair<Predictor, Predictor>> predictors(std::size_t(threads), {first, second});
  enum Sum { cosine, distance, length, product, first_square, second_square, positions, sums };
  const RowMatrix total = sum_over_sequences(
      sequences.size(), threads, RowMatrix::Zero(1, sums), [&](int worker, int sequence, RowMatrix& sum) {
        const RowMatrix states = sequences[sequence];
        const RowMatrix a = predictors[std::size_t(worker)].first(states);
        const RowMatrix b = predictors[std::size_t(worker)].second(states);
        for (Eigen::Index t = 1; t < a.rows(); ++t) {
          const double along = a.row(t).dot(b.row(t));
          const double lengths = a.row(t).norm() * b.row(t).norm();
          sum(cosine) += lengths > 0 ? along / lengths : 0;
          sum(distance) += (a.row(t) - b.row(t)).norm();
          sum(length) += a.row(t).norm();
          sum(product) += along;
          sum(first_square) += a.row(t).squaredNorm();
          sum(second_square) += b.row(t).squaredNorm();
          sum(positions) += 1;
        }
      });
  return {total(cosine) / total(positions),
          total(product) / std::sqrt(total(first_square) * total(second_square)),
          total(distance) / total(positions), total(length) / total(positions)};
}

namespace {

/// An algorithm of the study and its held-out loss.
struct NamedLoss {
  const char* name;
  LossCurve loss;
};

Record losses_record(const std::vector<NamedLoss>& losses) {
  Record means{};
  Record errors{};
  Record curves{};
  for (const auto& [name, loss] : losses) {
    means.fields.push_back({name, loss.mean});
    errors.fields.push_back({name, loss.standard_error});
    curves.fields.push_back({name, loss.by_position});
  }
  return {{"mean", means}, {"standard_error", errors}, {"curves", curves}};
}

/// The first loss, the model's, over each of the others.
Record ratios_record(const std::vector<NamedLoss>& losses) {
  Record ratios{};
  for (std::size_t i = 1; i < losses.size(); ++i) {
    const LossRatio ratio = loss_ratio(losses[0].loss, losses[i].loss);
    ratios.fields.push_back(
        {losses[i].name, Record{{"value", ratio.value}, {"standard_error", ratio.standard_error}}});
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

Record analyze_one_layer_fit(const Subject& subject, const Effort& effort) {
  const ModelConfig& model = subject.model;
  if (model.layers != 1) {
    throw Error("layers", joined({"the fit is of models with 1 layer, this one has ",
                                  std::to_string(model.layers), "; try linear-1"}));
  }
  if (subject.tokens.kind != TokenKind::constructed && subject.tokens.kind != TokenKind::constructed_masked) {
    throw Error("tokens", "the fit is of models on constructed tokens; try linear-1");
  }
  const auto draw = [&](RandomPurpose purpose) {
    return DrawnSequences(subject.task, subject.seed, purpose, effort.sequences);
  };
  const Predictor predict = model_predictor(model, subject.tokens, subject.parameters);
  const OneLayerFit fit = fit_one_layer(draw(RandomPurpose::tuning), predict, effort.threads);
  effort.progress(0.4);

  const DrawnSequences held_out = draw(RandomPurpose::held_out);
  const auto loss = [&](const Predictor& predictor) {
    return in_context_loss(held_out, predictor, effort.threads);
  };
  const Predictor step = gradient_descent(fit.to_states.eta, fit.to_states.initial_weight);
  const Predictor clipped_step = clipped(step, model.residual_limit);
  const Predictor features = cubic_predictor(fit.features_to_states);
  const std::vector<NamedLoss> losses = {
      {"model", loss(predict)},
      {"gradient_descent", loss(step)},
      {"gradient_descent_clipped", loss(clipped_step)},
      {"eight_features", loss(features)},
      {"eight_features_clipped", loss(clipped(features, model.residual_limit))},
      {"zero", loss(predict_zero())}};
  effort.progress(0.8);

  const PredictionLikeness likeness = prediction_likeness(held_out, predict, clipped_step, effort.threads);
  Record fitted_to_model = step_record(fit.to_predictions);
  fitted_to_model.fields.push_back({"unexplained", fit.unexplained});
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
