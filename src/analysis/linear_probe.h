#pragma once

#include <functional>
#include <vector>

#include "analysis/record.h"
#include "analysis/subject.h"
#include "reference/predictor.h"

namespace mesa {

/// What probes predict from the residual stream: `count` quantities of `size` numbers each.
struct ProbeTargets {
  int count;
  int size;
  /// states [T + 1, d] -> [T, count * size], one quantity after the other.
  std::function<RowMatrix(const RowMatrix& states)> values;
  /// Leaves out, at each position, the sequences whose row has a length with a z-score above 2 in the batch.
  bool drop_outliers = false;
};

/// How well the residual stream before layer `depth` (L: after the last) at position t predicts a quantity y
/// at t. NaN where no sequence takes part or y does not vary.
struct ProbeErrors {
  RowMatrix error;           ///< [L + 1, T] mean of |y - probe|^2 / 2, as for all losses
  RowMatrix relative_error;  ///< [L + 1, T] divided by the mean of |y - mean y|^2 / 2
};

/// Linear probes with an intercept (Alain and Bengio 2017): for every depth and position a separate
/// least-squares map, fitted on effort.sequences sequences and measured on as many others. A probe that has
/// learned nothing has a relative error of 1 or a little more (of the order of D / sequences).
struct ProbeResult {
  std::vector<ProbeErrors> errors;  ///< of each quantity
  std::vector<double> kept;         ///< [T] share of the sequences that the error at t is measured on
};

/// The results for each of the `targets`; `effort.progress` is called on the way.
std::vector<ProbeResult> probe(const Subject& subject, const std::vector<ProbeTargets>& targets,
                               const Effort& effort);

/// s_{t+1} at each position.
ProbeTargets next_state_target(int observation_size);

/// (S_{t-1} S_{t-1}^T + 1e-3 I)^{-1} s_t with S_{t-1} = (s_1 .. s_{t-1}), without outliers: what the
/// preconditioning of Proposition 2 converges to.
ProbeTargets preconditioned_input_target(int observation_size);

/// f(s_t) and f(s_{t-1}) or zero, where f is the hidden feature of the task `nonlinear`.
ProbeTargets feature_targets(const TaskConfig& task, std::uint64_t seed);

/// s_t, s_{t-1} .. s_{t-lags+1}, zero where there is none.
ProbeTargets past_state_targets(int observation_size, int lags);

/// Returns targets: for each its name, error and relative_error, for the preconditioned input also the share
/// of sequences kept.
Record analyze_probes(const Subject& subject, const Effort& effort);

/// The number of states that analyze_binding() probes for, the current one included.
inline constexpr int kBindingLags = 8;

/// Token binding: the relative error of s_{t-j}, j = 0 .. 7, at each depth, averaged over the positions that
/// have all of them.
Record analyze_binding(const Subject& subject, const Effort& effort);
/// Throws Error if there are no such positions.
void check_binding(const Subject& subject);

}  // namespace mesa
