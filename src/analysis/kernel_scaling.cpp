#include "analysis/kernel_scaling.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "analysis/requirements.h"
#include "core/error.h"
#include "core/help.h"
#include "evaluate/in_context_loss.h"
#include "reference/kernel_regression.h"
#include "reference/least_squares.h"
#include "reference/line_search.h"

namespace mesa {
namespace {

constexpr int kPositionsPerDimension = 5;

/// The task with observations of another size; its hidden states grow in proportion.
TaskConfig resized(TaskConfig task, int dimension) {
  const double growth = double(dimension) / task.observation_size;
  task.hidden_size = std::max(dimension, int(std::lround(growth * task.hidden_size)));
  task.observation_size = dimension;
  task.sequence_length = kPositionsPerDimension * dimension;
  return task;
}

double late_mean(const LossCurve& loss) {
  const std::size_t count = loss.by_position.size() / kPositionsPerDimension;
  return std::accumulate(loss.by_position.end() - std::ptrdiff_t(count), loss.by_position.end(), 0.0);
}

/// Uses the value of the parameter that is best on `tuning`.
ScaledLoss scaled_loss(Predictor (*make)(double parameter, ContextPairs pairs), const SearchRange& range,
                       std::span<const RowMatrix> tuning, const DrawnSequences& held_out,
                       const LossCurve& zero, int threads) {
  const double best = minimise_over_scale(
      [&](double parameter) {
        return in_context_loss(tuning, make(parameter, ContextPairs::all), threads).mean;
      },
      range.low, range.high, range.tolerance);
  const LossCurve loss = in_context_loss(held_out, make(best, ContextPairs::all), threads);
  return {best, loss.mean / zero.mean, late_mean(loss) / late_mean(zero)};
}

}  // namespace

std::vector<ScalingPoint> kernel_scaling(const Subject& subject, const std::vector<int>& dimensions,
                                         const Effort& effort) {
  std::vector<ScalingPoint> points;
  for (const int dimension : dimensions) {
    const TaskConfig task = resized(subject.task, dimension);
    // Every d gets as many positions, although a position costs more for a larger d.
    const int sequences = std::max(2 * effort.sequences / dimension, 8);
    const DrawnSequences held_out(task, subject.seed, RandomPurpose::held_out, sequences);
    const std::vector<RowMatrix> tuning =
        draw_sequences(task, subject.seed, RandomPurpose::tuning, sequences / 4);
    const LossCurve zero = in_context_loss(held_out, predict_zero(), effort.threads);
    points.push_back({dimension, task.sequence_length, sequences,
                      scaled_loss(kernel_regression, kBetaRange, tuning, held_out, zero, effort.threads),
                      scaled_loss(least_squares, kRidgeRange, tuning, held_out, zero, effort.threads)});
    effort.progress(double(points.size()) / double(dimensions.size()));
  }
  return points;
}

void check_kernel_scaling(const Subject& subject) {
  if (subject.task.kind != TaskKind::regression) return;
  const Names all_but_the_last = Names(kTaskKindNames).first(std::size(kTaskKindNames) - 1);
  static_assert(kTaskKindNames[std::size(kTaskKindNames) - 1] == "regression");
  throw needs("task", all_but_the_last, "regression",
              help("expected a task with a fixed number of positions per dimension, such as linear"));
}

Record analyze_kernel_scaling(const Subject& subject, const Effort& effort) {
  const std::vector<ScalingPoint> points = kernel_scaling(subject, {2, 4, 8, 16, 32}, effort);
  const auto list = [&](const auto& number) {
    std::vector<double> numbers(points.size());
    std::ranges::transform(points, numbers.begin(), number);
    return numbers;
  };
  const auto losses = [&](ScaledLoss ScalingPoint::*loss) -> Record {
    return {{"parameter", list([=](const ScalingPoint& point) { return (point.*loss).parameter; })},
            {"relative", list([=](const ScalingPoint& point) { return (point.*loss).relative; })},
            {"relative_late", list([=](const ScalingPoint& point) { return (point.*loss).relative_late; })}};
  };
  return {{"dimension", list([](const ScalingPoint& point) { return double(point.dimension); })},
          {"positions", list([](const ScalingPoint& point) { return double(point.positions); })},
          {"sequences", list([](const ScalingPoint& point) { return double(point.sequences); })},
          {"kernel_regression", losses(&ScalingPoint::kernel_regression)},
          {"least_squares", losses(&ScalingPoint::least_squares)}};
}

}  // namespace mesa
