#pragma once

#include "reference/predictor.h"

namespace mesa {

/// The pairs (s_t', s_{t'+1}) of the context that an algorithm learns from when it predicts s_{t+1}.
enum class ContextPairs {
  all,    ///< all of them, up to (s_{t-1}, s_t)
  lagged  ///< all but the newest, as in the paper's public code
};

/// The number of positions from the input of the newest usable pair to the predicting position.
inline Eigen::Index pair_lag(ContextPairs pairs) { return pairs == ContextPairs::lagged ? 2 : 1; }

/// The two sums over the usable pairs that a linear regression needs, updated position by position.
class PairSums {
 public:
  PairSums(Eigen::Index d, ContextPairs pairs)
      : lag_(pair_lag(pairs)), gram_(RowMatrix::Zero(d, d)), cross_(RowMatrix::Zero(d, d)) {}

  /// Adds the pair that becomes usable at position t. Call it for every position in order from 0.
  void advance(const RowMatrix& states, Eigen::Index t) {
    if (t < lag_) return;
    const auto input = states.row(t - lag_);
    gram_.noalias() += input.transpose() * input;
    cross_.noalias() += states.row(t - lag_ + 1).transpose() * input;
  }

  [[nodiscard]] const RowMatrix& gram() const { return gram_; }    ///< [d, d] S S^T = sum s_t' s_t'^T
  [[nodiscard]] const RowMatrix& cross() const { return cross_; }  ///< [d, d] sum s_{t'+1} s_t'^T

 private:
  Eigen::Index lag_;
  RowMatrix gram_;
  RowMatrix cross_;
};

}  // namespace mesa
