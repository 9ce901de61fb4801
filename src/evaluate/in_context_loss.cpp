#include "evaluate/in_context_loss.h"

#include <cassert>
#include <cmath>

#include "core/parallel.h"

namespace mesa {
namespace {

/// The standard error of the mean of independent numbers, given that mean.
double standard_error(std::span<const double> values, double mean) {
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const auto n = double(values.size());
  return n > 1 ? std::sqrt(squares / (n - 1) / n) : 0;
}

double mean_of(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / double(values.size());
}

/// Zero sums for the groups [first, end).
LossSums empty_sums(int sequences, Eigen::Index positions, int first, int end) {
  const int count = first_of_evaluation_group(end, sequences) - first_of_evaluation_group(first, sequences);
  return {first, end - first, std::vector<double>(std::size_t((end - first) * positions)),
          std::vector<double>(std::size_t{unsigned(count)})};
}

/// Adds the predictor's losses on one sequence [T + 1, d], which has the given index in `sums`.
void add_losses(const RowMatrix& states, Predictor& predict, int group, int index, LossSums& sums) {
  const Eigen::Index positions = states.rows() - 1;
  const RowMatrix predictions = predict(states);
  const Eigen::VectorXd losses = (predictions - states.bottomRows(positions)).rowwise().squaredNorm() / 2;
  sums.by_sequence[std::size_t(index)] = losses.mean();
  Eigen::Map<Eigen::VectorXd>(&sums.by_group[std::size_t((group - sums.first) * positions)], positions) +=
      losses;
}

/// The loss curve on `count` sequences [T + 1, d], which read() returns.
LossCurve curve_of(int count, const std::function<RowMatrix(int sequence)>& read, const Predictor& predict,
                   int threads) {
  assert(count > 0);
  LossSums sums = empty_sums(count, read(0).rows() - 1, 0, kEvaluationGroups);
  std::vector<Predictor> predictors(std::size_t(threads), predict);
  for_each_item(kEvaluationGroups, threads, [&](int worker, int group) {
    const int end = first_of_evaluation_group(group + 1, count);
    for (int sequence = first_of_evaluation_group(group, count); sequence < end; ++sequence)
      add_losses(read(sequence), predictors[std::size_t(worker)], group, sequence, sums);
  });
  return loss_curve(sums);
}

}  // namespace

int first_of_evaluation_group(int group, int sequences) {
  return int(std::int64_t(group) * sequences / kEvaluationGroups);
}

LossSummation::LossSummation(DrawnSequences& sequences, Predictor predict, int first, int end)
    : sequences_(&sequences),
      predict_(std::move(predict)),
      sums_(empty_sums(sequences.size(), sequences.positions(), first, end)),
      next_(first_of_evaluation_group(first, sequences.size())),
      end_(first_of_evaluation_group(end, sequences.size())) {}

bool LossSummation::continue_until(const Deadline& deadline) {
  const int size = sequences_->size();
  const int first = first_of_evaluation_group(sums_.first, size);
  int group = sums_.first;
  while (next_ < end_) {
    while (first_of_evaluation_group(group + 1, size) <= next_) ++group;
    sequences_->draw(next_);
    add_losses((*sequences_)[next_], predict_, group, next_ - first, sums_);
    ++next_;
    if (deadline.has_passed()) break;
  }
  return is_done();
}

LossCurve loss_curve(const LossSums& sums) {
  assert(sums.count == kEvaluationGroups);
  const auto positions = Eigen::Index(sums.by_group.size()) / kEvaluationGroups;
  Eigen::VectorXd total = Eigen::VectorXd::Zero(positions);
  for (int group = 0; group < kEvaluationGroups; ++group) {
    total += Eigen::Map<const Eigen::VectorXd>(&sums.by_group[std::size_t(group * positions)], positions);
  }
  LossCurve curve;
  for (const double sum : total) curve.by_position.push_back(sum / double(sums.by_sequence.size()));
  curve.by_sequence = sums.by_sequence;
  curve.mean = mean_of(curve.by_sequence);
  curve.standard_error = standard_error(curve.by_sequence, curve.mean);
  return curve;
}

LossCurve in_context_loss(std::span<const RowMatrix> sequences, const Predictor& predict, int threads) {
  return curve_of(
      int(sequences.size()), [&](int i) { return sequences[std::size_t(i)]; }, predict, threads);
}

LossCurve in_context_loss(const DrawnSequences& sequences, const Predictor& predict, int threads) {
  return curve_of(
      sequences.size(), [&](int i) { return sequences[i]; }, predict, threads);
}

LossRatio loss_ratio(const LossCurve& numerator, const LossCurve& denominator) {
  assert(numerator.by_sequence.size() == denominator.by_sequence.size());
  const double ratio = numerator.mean / denominator.mean;
  std::vector<double> residuals(numerator.by_sequence.size());
  for (std::size_t i = 0; i < residuals.size(); ++i) {
    residuals[i] = numerator.by_sequence[i] - ratio * denominator.by_sequence[i];
  }
  return {ratio, standard_error(residuals, 0) / denominator.mean};
}

}  // namespace mesa
