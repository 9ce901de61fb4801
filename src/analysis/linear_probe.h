#pragma once

#include <functional>
#include <vector>

#include "analysis/record.h"
#include "analysis/subject.h"
#include "reference/predictor.h"

namespace mesa {

/// What probes look for in the residual stream: some quantities of `size` numbers each.
struct ProbeTargets {
  int count;
  int size;
  /// states [T + 1, d] -> [T, count * size], one quantity after the other.
  std::function<RowMatrix(const RowMatrix& states)> values;
  /// Leaves out, at each position, the sequences for which the length of that row has a z-score above 2 among
  /// all of the batch.
  bool drop_outliers = false;
};

/// How well the residual stream before layer `depth` (depth L: after the last) at position t tells a
/// quantity y at t. NaN where it takes part in no sequence, or does not vary.
struct ProbeErrors {
  RowMatrix error;           ///< [L + 1, T] mean of |y - probe|^2 / 2, a loss as all others are
  RowMatrix relative_error;  ///< [L + 1, T] divided by the mean of |y - mean y|^2 / 2
};

/// Linear probes with an intercept (Alain and Bengio 2017): for
/// every depth and position a least-squares map of its own, fitted on effort.sequences sequences and measured
/// on as many others. One that knows nothing has a relative error of 1, or a little more: of the order of
/// D / sequences.
struct ProbeResult {
  std::vector<ProbeErrors> errors;  ///< of each quantity
  std::vector<double> kept;         ///< [T] share of the sequences that the error at t is measured on
};

/// The results for each of the `targets`; `progress` as in Effort.
std::vector<ProbeResult> probe(const Subject& subject, const std::vector<ProbeTargets>& targets,
                               const Effort& effort);

/// s_{t+1} at each position.
ProbeTargets next_state_target(int observation_size);

/// (S_{t-1} S_{t-1}^T + 1e-3 I)^{-1} s_t, S_{t-1} = (s_1 .. s_{t-1}), outliers dropped: what k steps of
/// preconditioning in Proposition 2 would bring s_t to.
ProbeTargets preconditioned_input_target(int observation_size);

/// f(s_t) and f(s_{t-1}), f the hidden feature of the task `nonlinear`; zero where there is no s_{t-1}.
ProbeTargets feature_targets(const TaskConfig& task, std::uint64_t seed);

/// s_t, s_{t-1} .. s_{t-lags+1}, zero where there is none.
ProbeTargets past_state_targets(int observation_size, int lags);

/// targets: of each the name, error, relative_error, and of the preconditioned input the share of sequences
/// that were kept.
Record analyze_probes(const Subject& subject, const Effort& effort);

/// How many states analyze_binding() looks for, the present one and those before it.
inline constexpr int kBindingLags = 8;

/// Token binding: the relative error of s_{t-j}, j = 0 .. 7, at each depth, averaged over the positions that
/// have all of them. Throws Error when there are none.
Record analyze_binding(const Subject& subject, const Effort& effort);
void check_binding(const Subject& subject);

}  // namespace mesa
