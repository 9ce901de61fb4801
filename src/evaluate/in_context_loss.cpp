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

/// Sequences are summed in this many groups, and the groups in order, so that the number of threads does not
/// show.
constexpr int kGroups = 64;

LossCurve loss_curve(int count, const std::function<RowMatrix(int sequence)>& read, const Predictor& predict,
                     int threads) {
  assert(count > 0);
  LossCurve curve;
  curve.by_sequence.resize(std::size_t(count));
  const Eigen::VectorXd zeros = Eigen::VectorXd::Zero(read(0).rows() - 1);  // [T]
  std::vector<Eigen::VectorXd> sums(kGroups, zeros);
  std::vector<Predictor> predictors(std::size_t(threads), predict);
  for_each_item(kGroups, threads, [&](int worker, int group) {
    const auto first_of = [&](int g) { return int(std::int64_t(g) * count / kGroups); };
    for (int sequence = first_of(group); sequence < first_of(group + 1); ++sequence) {
      const RowMatrix states = read(sequence);
      const RowMatrix predictions = predictors[std::size_t(worker)](states);
      const Eigen::VectorXd errors =
          (predictions - states.bottomRows(zeros.size())).rowwise().squaredNorm() / 2;
      curve.by_sequence[std::size_t(sequence)] = errors.mean();
      sums[std::size_t(group)] += errors;
    }
  });
  Eigen::VectorXd total = zeros;
  for (const Eigen::VectorXd& sum : sums) total += sum;
  for (const double sum : total) curve.by_position.push_back(sum / count);
  curve.mean = mean_of(curve.by_sequence);
  curve.standard_error = standard_error(curve.by_sequence, curve.mean);
  return curve;
}

}  // namespace

LossCurve in_context_loss(std::span<const RowMatrix> sequences, const Predictor& predict, int threads) {
  return loss_curve(
      int(sequences.size()), [&](int i) { return sequences[std::size_t(i)]; }, predict, threads);
}

LossCurve in_context_loss(const DrawnSequences& sequences, const Predictor& predict, int threads) {
  return loss_curve(
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
