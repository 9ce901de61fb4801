#pragma once

#include <span>
#include <vector>

#include "evaluate/sequences.h"
#include "reference/predictor.h"

namespace mesa {

/// The in-context learning curve of a predictor: |prediction - s_{t+1}|^2 / 2, averaged over sequences.
struct LossCurve {
  std::vector<double> by_position;  ///< [T]
  std::vector<double> by_sequence;  ///< the mean over positions, for each sequence
  double mean = 0;                  ///< over positions and sequences
  double standard_error = 0;        ///< of the mean; sequences are independent, positions are not
};

/// What such a curve is made of. Sequences are summed in groups, and the groups in order, so that it does not
/// show how many threads and workers shared them.
struct LossSums {
  std::vector<double> by_group;     ///< [groups, T], losses summed over the sequences of a group
  std::vector<double> by_sequence;  ///< the mean over positions, for each sequence
};

/// One of `shares` parts of the sums over all sequences; shares is 1, 2, 4 .. 64. threads >= 1, each with a
/// copy of the predictor.
LossSums loss_sums(const DrawnSequences& sequences, const Predictor& predict, int threads, int share,
                   int shares);

/// The curve that all parts, one behind the other, are the sums of.
LossCurve loss_curve(const LossSums& sums);

/// threads >= 1; the result does not depend on it.
LossCurve in_context_loss(std::span<const RowMatrix> sequences, const Predictor& predict, int threads = 1);
LossCurve in_context_loss(const DrawnSequences& sequences, const Predictor& predict, int threads = 1);

/// The ratio of two mean losses on the same sequences, and its standard error (delta method on the pairs).
struct LossRatio {
  double value;
  double standard_error;
};

LossRatio loss_ratio(const LossCurve& numerator, const LossCurve& denominator);

}  // namespace mesa
