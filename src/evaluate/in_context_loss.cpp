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

}  // namespace

std::vector<RowMatrix> draw_sequences(const TaskConfig& task, std::uint64_t seed, RandomPurpose purpose,
                                      int count) {
  const int rows = task.sequence_length + 1;
  const int d = task.observation_size;
  std::vector<float> states(std::size_t(rows) * d);
  std::vector<RowMatrix> sequences;
  sequences.reserve(std::size_t(count));
  for (int sequence = 0; sequence < count; ++sequence) {
    RandomStream random(seed, purpose, 0, std::uint32_t(sequence));
    generate_sequence(task, random, {states.data(), rows, d});
    using FloatMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    sequences.emplace_back(Eigen::Map<const FloatMatrix>(states.data(), rows, d).cast<double>());
  }
  return sequences;
}

RowMatrix position_losses(std::span<const RowMatrix> sequences, const Predictor& predict, int threads) {
  assert(!sequences.empty());
  const Eigen::Index positions = sequences[0].rows() - 1;
  RowMatrix losses(Eigen::Index(sequences.size()), positions);
  std::vector<Predictor> predictors(std::size_t(threads), predict);
  for_each_item(int(sequences.size()), threads, [&](int worker, int sequence) {
    const RowMatrix& states = sequences[std::size_t(sequence)];
    const RowMatrix predictions = predictors[std::size_t(worker)](states);
    losses.row(sequence) = (predictions - states.bottomRows(positions)).rowwise().squaredNorm() / 2;
  });
  return losses;
}

LossCurve loss_curve(const RowMatrix& losses) {
  const Eigen::VectorXd by_position = losses.colwise().mean();
  const Eigen::VectorXd by_sequence = losses.rowwise().mean();
  LossCurve curve;
  curve.by_position.assign(by_position.begin(), by_position.end());
  curve.by_sequence.assign(by_sequence.begin(), by_sequence.end());
  curve.mean = mean_of(curve.by_sequence);
  curve.standard_error = standard_error(curve.by_sequence, curve.mean);
  return curve;
}

LossCurve in_context_loss(std::span<const RowMatrix> sequences, const Predictor& predict, int threads) {
  return loss_curve(position_losses(sequences, predict, threads));
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
