#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "evaluate/few_shot.h"
#include "reference/least_squares.h"

namespace mesa {
namespace {

constexpr double kSmallRidge = 1e-9;

/// The few-shot curve of a predictor, with the standard error of each of its losses.
struct FewShotCurve {
  std::vector<PairLoss> losses;
  std::vector<double> standard_errors;
};

FewShotCurve few_shot_curve(const TaskConfig& task, const Predictor& predict, int sequences) {
  const auto drawn = draw_sequences(task, 3, RandomPurpose::held_out, sequences);
  FewShotCurve curve{few_shot_losses(task, in_context_loss(drawn, predict)), {}};
  std::vector<double> squares(curve.losses.size(), 0);
  for (const RowMatrix& states : drawn) {
    const auto alone = few_shot_losses(task, in_context_loss({&states, 1}, predict));
    for (std::size_t i = 0; i < alone.size(); ++i) {
      squares[i] += std::pow(alone[i].loss - curve.losses[i].loss, 2);
    }
  }
  for (const double sum : squares) curve.standard_errors.push_back(std::sqrt(sum) / sequences);
  return curve;
}

}  // namespace

TEST_CASE("least squares on a window of states predicts a partially observed system if k d >= n",
          "[reference]") {
  TaskConfig task = paper_task(TaskKind::partially_observed);
  task.noise = 0;
  task.sequence_length = 120;
  const auto sequences = draw_sequences(task, 3, RandomPurpose::held_out, 50);
  // The median, as the hidden states of some systems can hardly be told apart.
  const auto late_loss = [&](int window) {
    const Predictor predict = least_squares_on(state_window(window), 1e-7, ContextPairs::all);
    std::vector<double> losses;
    losses.reserve(sequences.size());
    for (const RowMatrix& states : sequences) {
      losses.push_back(in_context_loss({&states, 1}, predict).by_position.back());
    }
    std::ranges::nth_element(losses, losses.begin() + 25);
    return losses[25];
  };
  CHECK(late_loss(3) < late_loss(2) / 20);
  CHECK(late_loss(2) > 0.1);
  CHECK(late_loss(2) < late_loss(1));
}

TEST_CASE("a window of one state is the state", "[reference]") {
  const auto sequences = draw_sequences({}, 3, RandomPurpose::held_out, 3);
  for (const RowMatrix& states : sequences) {
    CHECK(state_window(1)(states, 7) == states.row(7).transpose());
    const Eigen::VectorXd first = state_window(3)(states, 1);
    CHECK(first.head(10) == states.row(1).transpose());
    CHECK(first.segment(10, 10) == states.row(0).transpose());
    CHECK(first.tail(10).isZero(0));
  }
}

TEST_CASE("few-shot least squares on n true pairs costs (d/6)(1 - n/d), in each task", "[reference]") {
  TaskConfig task = paper_task(TaskKind::regression);
  task.sequence_length = 60;
  task.regression_tasks = 2;
  const FewShotCurve curve = few_shot_curve(task, few_shot_least_squares(task, kSmallRidge), 2000);
  REQUIRE(curve.losses.size() == 30);
  for (std::size_t i = 0; i < curve.losses.size(); ++i) {
    const PairLoss& entry = curve.losses[i];
    INFO("task " << entry.task << ", pair " << entry.pair << ": " << entry.loss << " +- "
                 << curve.standard_errors[i]);
    CHECK(entry.task == int(i / 15));
    CHECK(entry.pair == int(i % 15));
    const double theory = 10.0 / 6 * std::max(0.0, 1 - entry.pair / 10.0);
    CHECK(std::abs(entry.loss - theory) < 4.5 * curve.standard_errors[i] + 1e-6);
  }
}

TEST_CASE("least squares on overlapping pairs tends to d/24, after a rise that a ridge lowers",
          "[reference]") {
  // Every other pair (y_i, x_{i+1}) is unrelated, so the fit tends to W / 2. N rows leave an excess: half of
  // them are off by W x / 2, of variance 1/12 in each channel, half by x' - W y / 2, of variance 5/12;
  // together 1/2 d (1/4) (d/N).
  TaskConfig task = paper_task(TaskKind::regression);
  task.sequence_length = 1001;
  const FewShotCurve late = few_shot_curve(task, least_squares(1e-3, ContextPairs::all), 200);
  const std::size_t last = late.losses.size() - 1;
  const double theory = 10.0 / 24 + 12.5 / 1000;
  INFO(late.losses[last].loss << " +- " << late.standard_errors[last]);
  CHECK(std::abs(late.losses[last].loss - theory) < 4 * late.standard_errors[last] + 0.002);

  task.sequence_length = 30;
  const auto height = [&](double ridge) {
    double highest = 0;
    for (const PairLoss& entry : few_shot_curve(task, least_squares(ridge, ContextPairs::all), 1000).losses) {
      highest = std::max(highest, entry.loss);
    }
    return highest;
  };
  constexpr double kZero = 10.0 / 6;
  CHECK(height(1e-3) > 2 * kZero);
  CHECK(height(1e-3) > 1.5 * height(1));
  CHECK(height(1) > kZero);
}

}  // namespace mesa
