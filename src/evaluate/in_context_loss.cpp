#include "evaluate/in_context_loss.h"

#include <cassert>
#include <cmath>

#include "core/parallel.h"

namespace mesa {
namespace {

/// Standard error of the mean of independent numbers whose mean is known.
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

constexpr int kGroups = 64;

/// The part of `count` sequences, each [T + 1, d], that read() gives.
LossSums sum_losses(int count, const std::function<RowMatrix(int sequence)>& read, const Predictor& predict,
                    int threads, int share, int shares) {
  assert(count > 0 && kGroups % shares == 0);
  const int groups = kGroups / shares;
  const int first_group = share * groups;
  const auto first_of = [&](int group) { return int(std::int64_t(group) * count / kGroups); };
  const int first = first_of(first_group);
  const Eigen::Index positions = read(0).rows() - 1;
  LossSums sums{std::vector<double>(std::size_t(groups * positions)),
                std::vector<double>(std::size_t(first_of(first_group + groups) - first))};
  std::vector<Predictor> predictors(std::size_t(threads), predict);
  for_each_item(groups, threads, [&](int worker, int item) {
    const int group = first_group + item;
    Eigen::Map<Eigen::VectorXd> sum(&sums.by_group[std::size_t(item * positions)], positions);
    for (int sequence = first_of(group); sequence < first_of(group + 1); ++sequence) {
      const RowMatrix states = read(sequence);
      const RowMatrix predictions = predictors[std::size_t(worker)](states);
      const Eigen::VectorXd losses = (predictions - states.bottomRows(positions)).rowwise().squaredNorm() / 2;
      sums.by_sequence[std::size_t(sequence - first)] = losses.mean();
      sum += losses;
    }
  });
  return sums;
}

}  // namespace

LossSums loss_sums(const DrawnSequences& sequences, const Predictor& predict, int threads, int share,
                   int shares) {
  return sum_losses(
      sequences.size(), [&](int i) { return sequences[i]; }, predict, threads, share, shares);
}

LossCurve loss_curve(const LossSums& sums) {
  const auto positions = Eigen::Index(sums.by_group.size()) / kGroups;
  Eigen::VectorXd total = Eigen::VectorXd::Zero(positions);
  for (int group = 0; group < kGroups; ++group) {
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
  return loss_curve(sum_losses(
      int(sequences.size()), [&](int i) { return sequences[std::size_t(i)]; }, predict, threads, 0, 1));
}

LossCurve in_context_loss(const DrawnSequences& sequences, const Predictor& predict, int threads) {
  return loss_curve(loss_sums(sequences, predict, threads, 0, 1));
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
