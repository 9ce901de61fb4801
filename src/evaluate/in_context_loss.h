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

/// Losses are summed in this many groups of sequences, and the groups in order, so that a curve does not
/// depend on how the work was shared.
inline constexpr int kEvaluationGroups = 64;

/// The sums that a curve is made of, for the groups [first, first + count).
struct LossSums {
  int first = 0;
  int count = 0;
  std::vector<double> by_group;     ///< [groups, T], losses summed over the sequences of a group
  std::vector<double> by_sequence;  ///< the mean over positions, for each sequence
};

/// The first of a group's sequences; `sequences` for the group after the last.
int first_of_evaluation_group(int group, int sequences);

/// Computes such sums in pieces, and draws the sequences on the way.
class LossSummation {
 public:
  /// Sums the groups [first, end). The sequences must outlive this object and not move.
  LossSummation(DrawnSequences& sequences, Predictor predict, int first, int end);

  /// Sums at least one sequence, until the deadline has passed. Returns whether all are summed.
  bool continue_until(const Deadline& deadline);
  [[nodiscard]] bool is_done() const { return next_ == end_; }
  /// Call only when is_done().
  [[nodiscard]] const LossSums& sums() const { return sums_; }

 private:
  DrawnSequences* sequences_;
  Predictor predict_;
  LossSums sums_;
  int next_;  ///< the next sequence
  int end_;
};

/// Combines the sums of all groups into a curve.
LossCurve loss_curve(const LossSums& sums);

/// The loss curve on sequences [T + 1, d]. threads >= 1; the result does not depend on it.
LossCurve in_context_loss(std::span<const RowMatrix> sequences, const Predictor& predict, int threads = 1);
LossCurve in_context_loss(const DrawnSequences& sequences, const Predictor& predict, int threads = 1);

/// The ratio of two mean losses on the same sequences, and its standard error (delta method on the pairs).
struct LossRatio {
  double value;
  double standard_error;
};

LossRatio loss_ratio(const LossCurve& numerator, const LossCurve& denominator);

}  // namespace mesa
