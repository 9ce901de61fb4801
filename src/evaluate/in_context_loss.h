#pragma once

#include <span>
#include <vector>

#include "core/deadline.h"
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

/// The sequences are summed in so many groups, and the groups in order, so that a curve does not show who
/// summed which.
inline constexpr int kEvaluationGroups = 64;

/// What a curve is made of, for the groups [first, first + count).
struct LossSums {
  int first = 0;
  int count = 0;
  std::vector<double> by_group;     ///< [groups, T], losses summed over the sequences of a group
  std::vector<double> by_sequence;  ///< the mean over positions, for each sequence
};

/// The first of `sequences` sequences that a group has; of the group behind the last, `sequences`.
int first_of_evaluation_group(int group, int sequences);

/// Makes such sums in pieces, which drawing the sequences is part of.
class LossSummation {
 public:
  /// Of the groups [first, end). The sequences must stay where they are.
  LossSummation(DrawnSequences& sequences, Predictor predict, int first, int end);

  /// Goes on until all is summed or the deadline has passed, but for a sequence at least. Returns whether all
  /// is.
  bool continue_until(const Deadline& deadline);
  [[nodiscard]] bool is_done() const { return next_ == end_; }
  /// Once it is.
  [[nodiscard]] const LossSums& sums() const { return sums_; }

 private:
  DrawnSequences* sequences_;
  Predictor predict_;
  LossSums sums_;
  int next_;  ///< sequence
  int end_;
};

/// The curve that the sums of all groups make.
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
