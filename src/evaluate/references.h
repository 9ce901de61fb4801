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

/// One reference algorithm: an entry of the list that the command line, the evaluation and the documentation
/// share.
struct ReferenceAlgorithm {
  std::string_view name;
  std::string_view meaning;  ///< one line
  int most_steps;            ///< k is from 1 to this; 1 where steps mean nothing
  ContextPairs pairs;        ///< a copy of the entry may have the others
  ReferenceTuning tuning;
  std::string_view parameter_name;  ///< what is line-searched: eta, ridge, ...; otherwise empty
  double low, high;                 ///< over this range, on a logarithmic scale
  double tolerance;                 ///< relative
  int margin_from;                  ///< so many steps or more are searched with a margin; 0: none are
  /// parameters: the line-searched one; Chebyshev's are alpha_1 .. alpha_k, beta_1 .. beta_k.
  std::function<Predictor(std::span<const double> parameters, int steps, ContextPairs pairs)> make;
};

/// All there are for a task: those that only look at the states, and those that know what the task is. `seed`
/// is that of the sequences.
std::vector<ReferenceAlgorithm> reference_algorithms(const TaskConfig& task = {}, std::uint64_t seed = 0);

/// The one of that name; throws Error when there is none.
ReferenceAlgorithm reference_algorithm(std::string_view name, const TaskConfig& task = {},
                                       std::uint64_t seed = 0);

/// "all" or "lagged"; nothing for an empty text, which means the algorithm's own. Throws Error otherwise.
std::optional<ContextPairs> parse_pairs(std::string_view text);

/// A reference algorithm at its best setting. make(values, steps, pairs) of the table's entry gives the same
/// predictor again.
struct TunedReference {
  std::vector<std::string> parameter_names;  ///< eta, ...; alpha_1 .. alpha_k, beta_1 .. beta_k; none
  std::vector<double> parameters;
  Predictor predict;
};

/// Chooses the parameters that have the least loss on `sequences`. Throws Error when the algorithm doesn't
/// take so many steps. threads >= 1; the result does not depend on it.
///
/// The margin: k steps at one rate blow up on a sequence whose states are larger than those the rate was
/// tuned on, and one such among thousands outweighs all others. So the search supposes that one in ten times
/// as many sequences is like the worst of these with the squares of its states doubled.
TunedReference tune(const ReferenceAlgorithm& algorithm, int steps, std::span<const RowMatrix> sequences,
                    int threads = 1);

/// A reference algorithm at its best setting, and how well it does.
struct ReferenceResult {
  std::string name;
  ContextPairs pairs;
  std::vector<std::string> parameter_names;  ///< of what was tuned
  std::vector<double> parameters;
  LossCurve loss;
};

/// k = `steps`; tuned on `tuning`, evaluated on `held_out`. Throws as tune() does.
ReferenceResult evaluate_reference(const ReferenceAlgorithm& algorithm, int steps,
                                   std::span<const RowMatrix> tuning, const DrawnSequences& held_out,
                                   int threads = 1);

/// The reference algorithms that a model is shown beside: gradient_descent, least_squares,
/// least_squares_lagged and zero, then those that know the task. Tuned on `tuning`, evaluated on `held_out`,
/// sequences of `task` and `seed`.
std::vector<ReferenceResult> evaluate_references(const TaskConfig& task, std::uint64_t seed,
                                                 std::span<const RowMatrix> tuning,
                                                 const DrawnSequences& held_out, int threads = 1);

}  // namespace mesa
