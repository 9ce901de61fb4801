#include "analysis/kernel_scaling.h"

#include <catch2/catch.hpp>
#include <numeric>

#include "core/error.h"
#include "evaluate/in_context_loss.h"
#include "reference/kernel_regression.h"
#include "reference/least_squares.h"

namespace mesa {
namespace {

Subject on(TaskKind kind) { return {paper_task(kind), TokenKind::raw, {}, {}, 3}; }

Effort effort(int threads = 1) {
  Effort effort;
  effort.sequences = 256;
  effort.threads = threads;
  return effort;
}

}  // namespace

TEST_CASE("kernel regression worsens with the dimension, least squares does not", "[analysis]") {
  const std::vector<ScalingPoint> points = kernel_scaling(on(TaskKind::linear), {2, 8, 32}, effort(2));
  REQUIRE(points.size() == 3);
  for (std::size_t i = 1; i < 3; ++i) {
    CHECK(points[i].positions == 5 * points[i].dimension);
    CHECK(points[i].kernel_regression.relative_late > 1.1 * points[i - 1].kernel_regression.relative_late);
  }
  // Oracle: without noise, exact least squares costs 1 - t/d of zero after t < d pairs and nothing from then
  // on, over 5 d positions a mean of (d + 1) / (10 d).
  for (const ScalingPoint& point : points) {
    const double d = point.dimension;
    CHECK(point.least_squares.relative == Approx((d + 1) / (10 * d)).epsilon(0.2));
    CHECK(point.least_squares.relative_late < 0.01);
  }
}

TEST_CASE("every task but few-shot regression is measured at the sizes that a point says", "[analysis]") {
  // Oracle: the same predictor on sequences of the task with those sizes written out.
  for (const TaskKind kind : {TaskKind::linear, TaskKind::partially_observed, TaskKind::nonlinear,
                              TaskKind::contracting, TaskKind::fixed_teacher}) {
    TaskConfig task = paper_task(kind);
    task.observation_size = 4;
    task.sequence_length = 20;
    // As many times the size of observations as in the paper, 15 of 5; elsewhere nobody has hidden states.
    if (kind == TaskKind::partially_observed) task.hidden_size = 12;
    const DrawnSequences sequences(task, on(kind).seed, RandomPurpose::held_out, 128);
    const LossCurve zero = in_context_loss(sequences, predict_zero());
    const auto check = [&](const ScaledLoss& measured, const Predictor& predict) {
      const LossCurve loss = in_context_loss(sequences, predict);
      CHECK(measured.relative == Approx(loss.mean / zero.mean));
      const auto late = [](const LossCurve& curve) {
        return std::accumulate(curve.by_position.begin() + 16, curve.by_position.end(), 0.0);
      };
      CHECK(measured.relative_late == Approx(late(loss) / late(zero)));
    };

    const ScalingPoint point = kernel_scaling(on(kind), {4}, effort())[0];
    INFO("kind " << int(kind));
    CHECK(point.dimension == 4);
    CHECK(point.positions == 20);
    CHECK(point.sequences == 128);
    check(point.kernel_regression, kernel_regression(point.kernel_regression.parameter));
    check(point.least_squares, least_squares(point.least_squares.parameter, ContextPairs::all));
  }
  CHECK_THROWS_AS(check_kernel_scaling(on(TaskKind::regression)), Error);
}

TEST_CASE("the parameters of a point are the best for sequences that it is not measured on", "[analysis]") {
  TaskConfig task = paper_task(TaskKind::linear);
  task.observation_size = 4;
  task.sequence_length = 20;
  const std::vector<RowMatrix> tuning = draw_sequences(task, 3, RandomPurpose::tuning, 32);
  const double beta = kernel_scaling(on(TaskKind::linear), {4}, effort())[0].kernel_regression.parameter;
  const auto loss = [&](double parameter) {
    return in_context_loss(tuning, kernel_regression(parameter)).mean;
  };
  for (const double factor : {0.95, 1.05}) CHECK(loss(beta) < loss(factor * beta));
}

}  // namespace mesa
