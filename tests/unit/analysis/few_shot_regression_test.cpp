#include "analysis/few_shot_regression.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "evaluate/model_predictor.h"
#include "random_numbers.h"
#include "reference/least_squares.h"

namespace mesa {
namespace {

/// An untrained model on states of size d, and the linear task.
struct SmallSubject {
  explicit SmallSubject(int length, int d = 3) {
    subject.task.observation_size = d;
    subject.task.sequence_length = length;
    subject.tokens = TokenKind::raw;
    subject.model = {.positions = length, .width = 8, .output_size = d, .embedded_size = d, .layers = 2};
    subject.model.attention = {AttentionKind::softmax, AttentionKind::mesa};
    subject.model.positional_encoding = true;
    parameters = test::normal_numbers<float>(ParameterTable(subject.model).size, 1, 0.3F);
    subject.parameters = parameters;
    subject.seed = 5;
  }
  SmallSubject(const SmallSubject&) = delete;
  SmallSubject& operator=(const SmallSubject&) = delete;

  std::vector<float> parameters;
  Subject subject{};
};

double mean_loss(const std::vector<PairLoss>& losses) {
  double sum = 0;
  for (const PairLoss& entry : losses) sum += entry.loss;
  return sum / double(losses.size());
}

}  // namespace

TEST_CASE("few-shot sequences are as long and wide as those that a model was trained on", "[analysis]") {
  TaskConfig trained;
  trained.observation_size = 7;
  trained.sequence_length = 33;
  const TaskConfig task = few_shot_task(trained, 2);
  CHECK(task.kind == TaskKind::regression);
  CHECK(task.observation_size == 7);
  CHECK(task.sequence_length == 33);
  CHECK(task.regression_tasks == 2);
  CHECK(task.noise == 0);
  CHECK(!task.end_of_sequence);
}

TEST_CASE("a few-shot curve is the mean error at the rows of the inputs", "[analysis]") {
  const SmallSubject small(9);
  const TaskConfig task = few_shot_task(small.subject.task, 1);
  const Predictor predict = model_predictor(small.subject.model, TokenKind::raw, small.parameters);
  const std::vector<PairLoss> curve = few_shot_curve(task, {task, 5, RandomPurpose::held_out, 2}, predict, 2);
  REQUIRE(curve.size() == 5);
  const auto sequences = draw_sequences(task, 5, RandomPurpose::held_out, 2);
  for (int pair = 0; pair < 5; ++pair) {
    double expected = 0;
    for (const RowMatrix& states : sequences) {
      expected += (predict(states).row(2 * pair) - states.row(2 * pair + 1)).squaredNorm() / 4;
    }
    CHECK(curve[std::size_t(pair)].pair == pair);
    CHECK(curve[std::size_t(pair)].loss == Approx(expected));
  }
}

TEST_CASE("the ridges of least squares on the token stream are the best", "[analysis]") {
  const SmallSubject small(40);
  const StreamRidges ridges = tune_stream_ridges(small.subject);
  const TaskConfig task = few_shot_task(small.subject.task, 1);
  const DrawnSequences few_shot(task, 5, RandomPurpose::tuning, 32);
  const DrawnSequences trained(small.subject.task, 5, RandomPurpose::tuning, 32);
  const auto few_shot_loss = [&](double ridge) {
    return mean_loss(few_shot_curve(task, few_shot, least_squares(ridge, ContextPairs::all)));
  };
  const auto trained_loss = [&](double ridge) {
    return in_context_loss(trained, least_squares(ridge, ContextPairs::all)).mean;
  };
  for (const double factor : {0.3, 3.0}) {
    CHECK(few_shot_loss(ridges.few_shot) < few_shot_loss(factor * ridges.few_shot));
    CHECK(trained_loss(ridges.trained_task) < trained_loss(factor * ridges.trained_task));
  }
}

TEST_CASE(
    "least squares on the token stream first rises with the ridge of the trained task, and on true pairs "
    "meets its closed form",
    "[analysis]") {
  const SmallSubject small(60, 5);
  const StreamRidges ridges = tune_stream_ridges(small.subject);
  for (const int tasks : {1, 2}) {
    const std::vector<FewShotCurve> curves = compare_few_shot(small.subject, tasks, ridges, 1000);
    const auto losses = [&](std::string_view name) {
      return std::ranges::find(curves, name, &FewShotCurve::name)->losses;
    };
    const std::vector<PairLoss> stream = losses("least_squares_trained_ridge");
    CHECK(stream[2].loss > 1.2 * stream[0].loss);
    CHECK(losses("least_squares")[2].loss < stream[2].loss);
    CHECK(losses("model").size() == stream.size());

    const std::vector<PairLoss> measured = losses("least_squares_true_pairs");
    const std::vector<PairLoss> exact = losses("exact_true_pairs");
    for (std::size_t i = 0; i < exact.size(); ++i) {
      INFO("task " << exact[i].task << ", pair " << exact[i].pair);
      CHECK(exact[i].loss == Approx(5 / 6.0 * std::max(0.0, 1 - exact[i].pair / 5.0)));
      CHECK(std::abs(measured[i].loss - exact[i].loss) < 0.06);
    }
  }
}

TEST_CASE("a second few-shot task changes nothing in the first one's curve", "[analysis]") {
  const SmallSubject small(41);
  const auto one = compare_few_shot(small.subject, 1, {1e-3, 1}, 8);
  const auto two = compare_few_shot(small.subject, 2, {1e-3, 1}, 8, 3);
  for (std::size_t curve = 0; curve < one.size(); ++curve) {
    INFO(one[curve].name);
    CHECK(two[curve].losses[10].task == 1);
    for (std::size_t pair = 0; pair < 10; ++pair) {
      CHECK(two[curve].losses[pair].loss == Approx(one[curve].losses[pair].loss));
    }
  }
}

}  // namespace mesa
