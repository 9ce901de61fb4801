#pragma once

#include <span>
#include <vector>

#include "core/random.h"
#include "data/task.h"
#include "reference/predictor.h"

namespace mesa {

/// `count` sequences of the task, each [T + 1, d], the same for the same seed and purpose.
std::vector<RowMatrix> draw_sequences(const TaskConfig& task, std::uint64_t seed, RandomPurpose purpose,
                                      int count);

/// The in-context learning curve of a predictor: |prediction - s_{t+1}|^2 / 2, averaged over sequences.
struct LossCurve {
  std::vector<double> by_position;  ///< [T]
  std::vector<double> by_sequence;  ///< the mean over positions, for each sequence
  double mean = 0;                  ///< over positions and sequences
  double standard_error = 0;        ///< of the mean; sequences are independent, positions are not
};

/// The loss of each prediction: [sequences, T]. threads >= 1, each with a copy of the predictor; the result
/// does not depend on it.
RowMatrix position_losses(std::span<const RowMatrix> sequences, const Predictor& predict, int threads = 1);

/// The curve that such losses average to.
LossCurve loss_curve(const RowMatrix& losses);

/// Both in one go.
LossCurve in_context_loss(std::span<const RowMatrix> sequences, const Predictor& predict, int threads = 1);

/// The ratio of two mean losses on the same sequences, and its standard error (delta method on the pairs).
struct LossRatio {
  double value;
  double standard_error;
};

LossRatio loss_ratio(const LossCurve& numerator, const LossCurve& denominator);

}  // namespace mesa
