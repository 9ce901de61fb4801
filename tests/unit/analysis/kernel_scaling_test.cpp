#include "analysis/kernel_scaling.h"

#include <catch2/catch.hpp>

#include "core/error.h"

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
  // Oracle: without noise, exact least squares has the share 1 - t/d of zero's loss after t < d pairs, then
  // none: a mean of (d + 1) / (10 d) over 5 d positions.
  for (const ScalingPoint& point : points) {
    const double d = point.dimension;
    CHECK(point.least_squares.relative == Approx((d + 1) / (10 * d)).epsilon(0.2));
    CHECK(point.least_squares.relative_late < 0.01);
  }
}

TEST_CASE("every task but few-shot regression is resized", "[analysis]") {
  for (const TaskKind kind :
       {TaskKind::partially_observed, TaskKind::nonlinear, TaskKind::contracting, TaskKind::fixed_teacher}) {
    const ScalingPoint point = kernel_scaling(on(kind), {4}, effort())[0];
    CHECK(point.kernel_regression.relative > 0);
    CHECK(point.kernel_regression.relative <= 1.001);
  }
  CHECK_THROWS_AS(check_kernel_scaling(on(TaskKind::regression)), Error);
}

}  // namespace mesa
