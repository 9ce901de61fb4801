#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evaluate/in_context_loss.h"
#include "reference/context_pairs.h"

namespace mesa {

/// How the free parameters of a reference algorithm are chosen.
enum class ReferenceTuning { none, line_search, chebyshev_coefficients };

/// A reference algorithm: an entry of the table that the command line and the evaluation share.
struct ReferenceAlgorithm {
  std::string_view name;
  std::string_view meaning;  ///< one line
  int most_steps;            ///< k is 1 to this; 1 for algorithms without steps
  ContextPairs pairs;        ///< may be changed in a copy of the entry
  ReferenceTuning tuning;
  std::string_view parameter_name;  ///< of the line-searched parameter: eta, ridge, ..; otherwise empty
  double low, high;                 ///< the range searched, on a logarithmic scale
  double tolerance;                 ///< relative
  int margin_from;                  ///< from so many steps on the search has a margin, see tune(); 0: never
  /// Makes a predictor from the line-searched parameter, or from alpha_1 .. alpha_k, beta_1 .. beta_k.
  std::function<Predictor(std::span<const double> parameters, int steps, ContextPairs pairs)> make;
};

/// All algorithms for a task and its sequences' seed: the general ones, then those that know the task.
std::vector<ReferenceAlgorithm> reference_algorithms(const TaskConfig& task = {}, std::uint64_t seed = 0);

/// The algorithm of that name. Throws Error if there is none.
ReferenceAlgorithm reference_algorithm(std::string_view name, const TaskConfig& task = {},
                                       std::uint64_t seed = 0);

/// Parses "all" or "lagged"; empty text gives nothing (the algorithm's own). Throws Error otherwise.
std::optional<ContextPairs> parse_pairs(std::string_view text);

/// A reference algorithm with its best parameters, from which make() of its entry gives the same predictor.
struct TunedReference {
  std::vector<std::string> parameter_names;  ///< eta, ..; alpha_1 .. alpha_k, beta_1 .. beta_k; or none
  std::vector<double> parameters;
  Predictor predict;
};

/// Chooses the parameters with the least loss on `sequences`. Throws Error if the algorithm does not take so
/// many steps. threads >= 1; the result does not depend on it.
///
/// The margin: k steps at one rate diverge on a sequence whose states are larger than those the rate was
/// tuned on, and one such sequence among thousands outweighs all others. So the search assumes that one in
/// ten times as many sequences is like the worst of these with its squared states doubled.
TunedReference tune(const ReferenceAlgorithm& algorithm, int steps, std::span<const RowMatrix> sequences,
                    int threads = 1);

/// A tuned reference algorithm and its loss.
struct ReferenceResult {
  std::string name;
  ContextPairs pairs;
  std::vector<std::string> parameter_names;  ///< of the tuned parameters
  std::vector<double> parameters;
  LossCurve loss;
};

/// Tunes the algorithm with k = `steps` on `tuning` and evaluates it on `held_out`. Throws as tune() does.
ReferenceResult evaluate_reference(const ReferenceAlgorithm& algorithm, int steps,
                                   std::span<const RowMatrix> tuning, const DrawnSequences& held_out,
                                   int threads = 1);

/// The references that every model is compared with: gradient_descent, least_squares, least_squares_lagged
/// and zero, then those that know the task. They are tuned on `tuning` and evaluated on `held_out`, sequences
/// of `task` and `seed`.
std::vector<ReferenceResult> evaluate_references(const TaskConfig& task, std::uint64_t seed,
                                                 std::span<const RowMatrix> tuning,
                                                 const DrawnSequences& held_out, int threads = 1);

}  // namespace mesa
