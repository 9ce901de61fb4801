#include "analysis/one_layer_fit.h"

#include <catch2/catch.hpp>

#include "core/error.h"
#include "model/parameters.h"
#include "random_numbers.h"
#include "reference/gradient_descent.h"

namespace mesa {
namespace {

DrawnSequences sequences(RandomPurpose purpose, int count) { return {TaskConfig{}, 5, purpose, count}; }

double loss_of(const GradientStep& step) {
  return in_context_loss(sequences(RandomPurpose::tuning, 200),
                         gradient_descent(step.eta, step.initial_weight))
      .mean;
}

}  // namespace

TEST_CASE("cubic features equal their definition", "[analysis]") {
  // Oracle: the sum, term by term.
  const RowMatrix states = sequences(RandomPurpose::tuning, 1)[0].topRows(8);
  const RowMatrix features = cubic_features(states);
  const auto state = [&](Eigen::Index t) -> Eigen::VectorXd {
    return t < 0 ? Eigen::VectorXd::Zero(10) : Eigen::VectorXd(states.row(t).transpose());
  };
  for (std::size_t f = 0; f < kCubicFeatures.size(); ++f) {
    const auto [value, key, query] = kCubicFeatures[f];
    for (Eigen::Index t = 0; t < 7; ++t) {
      Eigen::VectorXd sum = Eigen::VectorXd::Zero(10);
      for (Eigen::Index i = 0; i <= t; ++i) sum += state(i - value) * state(i - key).dot(state(t - query));
      CHECK((features.col(Eigen::Index(f)).segment(10 * t, 10) - sum).norm() < 1e-12 * (1 + sum.norm()));
    }
  }
}

TEST_CASE("a fit finds the step and the features that predictions are made of", "[analysis]") {
  const GradientStep step{0.03, -0.2};
  const OneLayerFit of_step =
      fit_one_layer(sequences(RandomPurpose::tuning, 20), gradient_descent(step.eta, step.initial_weight), 1);
  CHECK(of_step.to_predictions.eta == Approx(step.eta).epsilon(1e-8));
  CHECK(of_step.to_predictions.initial_weight == Approx(step.initial_weight).epsilon(1e-8));
  CHECK(of_step.unexplained < 1e-12);
  const std::array<double, 8> coefficients = {0.1, -0.2, 0.3, 0.4, -0.5, 0.6, 0.7, -0.8};
  const OneLayerFit of_features =
      fit_one_layer(sequences(RandomPurpose::tuning, 20), cubic_predictor(coefficients), 3);
  for (std::size_t i = 0; i < 8; ++i) {
    CHECK(of_features.features_to_predictions[i] == Approx(coefficients[i]).epsilon(1e-5));
  }
  CHECK(of_features.unexplained > 0.1);
}

TEST_CASE("no gradient step near the fitted one has a lower loss", "[analysis]") {
  const GradientStep best = fit_one_layer(sequences(RandomPurpose::tuning, 200), predict_zero(), 1).to_states;
  const double least = loss_of(best);
  for (const double change : {-1e-3, 1e-3}) {
    CHECK(loss_of({best.eta * (1 + 10 * change), best.initial_weight}) > least);
    CHECK(loss_of({best.eta, best.initial_weight + change}) > least);
    CHECK(loss_of({best.eta * (1 + change), best.initial_weight + change}) > least);
  }
  CHECK(least < loss_of({best.eta, 0}));
}

TEST_CASE("the fit finds the known optima of the linear task", "[analysis]") {
  // Oracle: values measured with an independent implementation (spec, section 8).
  const int count = 8192;
  const OneLayerFit fit = fit_one_layer(sequences(RandomPurpose::tuning, count), predict_zero(), 2);
  CHECK(fit.to_states.eta == Approx(0.0322).epsilon(0.03));
  const DrawnSequences held_out = sequences(RandomPurpose::held_out, count);
  const Predictor step = gradient_descent(fit.to_states.eta, fit.to_states.initial_weight);
  CHECK(in_context_loss(held_out, step, 2).mean == Approx(0.90).epsilon(0.01));
  CHECK(in_context_loss(held_out, clipped(step, 1.5), 2).mean == Approx(0.860).epsilon(0.01));
  const LossCurve features = in_context_loss(held_out, cubic_predictor(fit.features_to_states), 2);
  CHECK(features.mean == Approx(0.888).epsilon(0.01));
}

TEST_CASE("likeness is that of all predictions but the first", "[analysis]") {
  TaskConfig task;
  task.observation_size = 2;
  task.sequence_length = 3;
  const auto always = [](std::initializer_list<double> values) -> Predictor {
    return [matrix = std::vector<double>(values)](const RowMatrix&) -> RowMatrix {
      return Eigen::Map<const RowMatrix>(matrix.data(), 3, 2);
    };
  };
  const PredictionLikeness likeness = prediction_likeness(
      {task, 1, RandomPurpose::held_out, 5}, always({9, 9, 3, 0, 0, 4}), always({-9, 9, 3, 3, 0, 1}), 2);
  CHECK(likeness.mean_cosine == Approx((std::sqrt(0.5) + 1) / 2));
  CHECK(likeness.overall_cosine == Approx((9 + 4) / std::sqrt(25 * 19.0)));
  CHECK(likeness.mean_distance == Approx(3));
  CHECK(likeness.mean_length == Approx(3.5));
}

TEST_CASE("only models of one layer on constructed tokens are fitted", "[analysis]") {
  ModelConfig model{.width = 40, .layers = 2};
  const std::vector<float> parameters(ParameterTable(model).size, 0);
  const auto field = [&](TokenKind tokens) -> std::string {
    try {
      check_one_layer_fit({TaskConfig{}, tokens, model, parameters, 1});
    } catch (const Error& error) {
      return error.field();
    }
    return "";
  };
  CHECK(field(TokenKind::constructed) == "layers");
  model.layers = 1;
  CHECK(field(TokenKind::raw) == "tokens");
}

}  // namespace mesa
