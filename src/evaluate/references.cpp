#include "evaluate/references.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "core/error.h"
#include "data/nonlinear_system.h"
#include "reference/chebyshev.h"
#include "reference/chebyshev_tuning.h"
#include "reference/gradient_descent.h"
#include "reference/kernel_regression.h"
#include "reference/least_squares.h"
#include "reference/line_search.h"
#include "reference/preconditioned_step.h"

namespace mesa {
namespace {

using Parameters = std::span<const double>;

Predictor make_gradient_descent(Parameters eta, int steps, ContextPairs pairs) {
  return gradient_descent(eta[0], 0, steps, pairs);
}

Predictor make_least_squares(Parameters ridge, int /*steps*/, ContextPairs pairs) {
  return least_squares(ridge[0], pairs);
}

Predictor make_neumann(Parameters norm, int steps, ContextPairs pairs) {
  return neumann(norm[0], steps, pairs);
}

Predictor make_richardson(Parameters step, int steps, ContextPairs pairs) {
  return richardson(step[0], steps, pairs);
}

Predictor make_chebyshev(Parameters theta, int steps, ContextPairs pairs) {
  const Eigen::Map<const Eigen::VectorXd> coefficients(theta.data(), 2 * Eigen::Index(steps));
  return chebyshev({coefficients.head(steps), coefficients.tail(steps)}, pairs);
}

Predictor make_newton(Parameters ridge, int steps, ContextPairs pairs) {
  return newton(ridge[0], steps, pairs);
}

Predictor make_kernel_regression(Parameters beta, int /*steps*/, ContextPairs pairs) {
  return kernel_regression(beta[0], pairs);
}

Predictor make_zero(Parameters /*none*/, int /*steps*/, ContextPairs /*pairs*/) { return predict_zero(); }

const std::vector<ReferenceAlgorithm>& general_algorithms() {
  static const std::vector<ReferenceAlgorithm> algorithms = {
      {"gradient_descent", "k steps of gradient descent, from zero, on the pairs of the context", 64,
       ContextPairs::all, ReferenceTuning::line_search, "eta", 1e-4, 1, 1e-3, 2, make_gradient_descent},
      {"least_squares", "ridge regression on the pairs of the context", 1, ContextPairs::all,
       ReferenceTuning::line_search, "ridge", kRidgeRange.low, kRidgeRange.high, kRidgeRange.tolerance, 0,
       make_least_squares},
      {"least_squares_lagged", "ridge regression without the newest pair", 1, ContextPairs::lagged,
       ReferenceTuning::line_search, "ridge", kRidgeRange.low, kRidgeRange.high, kRidgeRange.tolerance, 0,
       make_least_squares},
      {"neumann", "a descent step after k steps of preconditioning by the Neumann series", 64,
       ContextPairs::all, ReferenceTuning::line_search, "norm", 1e-2, 1e5, 1e-3, 1, make_neumann},
      {"richardson", "a descent step after k steps of preconditioning by Richardson iteration", 64,
       ContextPairs::all, ReferenceTuning::line_search, "step", 1e-2, 1e2, 1e-3, 0, make_richardson},
      {"chebyshev", "a descent step after k steps of preconditioning by Chebyshev iteration", 16,
       ContextPairs::all, ReferenceTuning::chebyshev_coefficients, "", 0, 0, 0, 0, make_chebyshev},
      {"newton", "a descent step after k steps of preconditioning by Newton iteration", 32, ContextPairs::all,
       ReferenceTuning::line_search, "ridge", kRidgeRange.low, kRidgeRange.high, kRidgeRange.tolerance, 0,
       make_newton},
      {"kernel_regression", "softmax-weighted mean of what followed similar states (induction head)", 1,
       ContextPairs::all, ReferenceTuning::line_search, "beta", kBetaRange.low, kBetaRange.high,
       kBetaRange.tolerance, 0, make_kernel_regression},
      {"zero", "always predicts zero", 1, ContextPairs::all, ReferenceTuning::none, "", 0, 0, 0, 0,
       make_zero},
  };
  return algorithms;
}

/// least_squares with another name, meaning and predictor.
ReferenceAlgorithm task_least_squares(std::string_view name, std::string_view meaning,
                                      std::function<Predictor(double ridge, ContextPairs pairs)> make) {
  ReferenceAlgorithm algorithm = reference_algorithm("least_squares");
  algorithm.name = name;
  algorithm.meaning = meaning;
  algorithm.make = [make = std::move(make)](Parameters ridge, int /*steps*/, ContextPairs pairs) {
    return make(ridge[0], pairs);
  };
  return algorithm;
}

std::vector<ReferenceAlgorithm> task_algorithms(const TaskConfig& task, std::uint64_t seed) {
  if (task.kind == TaskKind::partially_observed) {
    const int window = (task.hidden_size + task.observation_size - 1) / task.observation_size;
    return {task_least_squares("least_squares_window",
                               "ridge regression on as many past states as determine the next one",
                               [=](double ridge, ContextPairs pairs) {
                                 return least_squares_on(state_window(window), ridge, pairs);
                               })};
  }
  if (task.kind == TaskKind::nonlinear) {
    const auto feature = std::make_shared<const NonlinearFeature>(task.observation_size, seed);
    const Regressor regressor = [=](const RowMatrix& states, Eigen::Index t) -> Eigen::VectorXd {
      return (*feature)(states.row(t).transpose().cast<float>()).cast<double>();
    };
    return {task_least_squares(
        "least_squares_feature",
        "ridge regression on the hidden feature of the state, which no model is given",
        [=](double ridge, ContextPairs pairs) { return least_squares_on(regressor, ridge, pairs); })};
  }
  if (task.kind == TaskKind::regression) {
    return {task_least_squares(
        "least_squares_true_pairs", "ridge regression on the pairs (x, y) alone",
        [=](double ridge, ContextPairs /*pairs*/) { return few_shot_least_squares(task, ridge); })};
  }
  return {};
}

double line_search(const ReferenceAlgorithm& algorithm, int steps, std::span<const RowMatrix> sequences,
                   int threads) {
  constexpr double kGrowth = 2;  // of the squared states, for the margin
  constexpr double kRarity = 10;
  std::vector<RowMatrix> grown;
  if (algorithm.margin_from > 0 && steps >= algorithm.margin_from) {
    for (const RowMatrix& states : sequences) grown.emplace_back(std::sqrt(kGrowth) * states);
  }
  const auto loss = [&](double parameter) {
    const Predictor predict = algorithm.make({&parameter, 1}, steps, algorithm.pairs);
    const double mean = in_context_loss(sequences, predict, threads).mean;
    if (grown.empty()) return mean;
    const double worst = std::ranges::max(in_context_loss(grown, predict, threads).by_sequence);
    return mean + worst / (kRarity * double(grown.size()));
  };
  return minimise_over_scale(loss, algorithm.low, algorithm.high, algorithm.tolerance);
}

void add_coefficients(const std::string& name, const Eigen::VectorXd& values, TunedReference& tuned) {
  for (Eigen::Index j = 0; j < values.size(); ++j) {
    tuned.parameter_names.push_back(name + "_" + std::to_string(j + 1));
    tuned.parameters.push_back(values[j]);
  }
}

}  // namespace

std::vector<ReferenceAlgorithm> reference_algorithms(const TaskConfig& task, std::uint64_t seed) {
  std::vector<ReferenceAlgorithm> algorithms = general_algorithms();
  for (ReferenceAlgorithm& algorithm : task_algorithms(task, seed))
    algorithms.push_back(std::move(algorithm));
  return algorithms;
}

ReferenceAlgorithm reference_algorithm(std::string_view name, const TaskConfig& task, std::uint64_t seed) {
  const std::vector<ReferenceAlgorithm> algorithms = reference_algorithms(task, seed);
  const auto found = std::ranges::find(algorithms, name, &ReferenceAlgorithm::name);
  if (found != algorithms.end()) return *found;
  std::vector<std::string_view> names(algorithms.size());
  std::ranges::transform(algorithms, names.begin(), &ReferenceAlgorithm::name);
  throw unknown_name("algorithm", names, name);
}

std::optional<ContextPairs> parse_pairs(std::string_view text) {
  if (text.empty()) return std::nullopt;
  if (text == "all") return ContextPairs::all;
  if (text == "lagged") return ContextPairs::lagged;
  constexpr std::string_view kPairs[] = {"all", "lagged"};
  throw unknown_name("pairs", kPairs, text);
}

TunedReference tune(const ReferenceAlgorithm& algorithm, int steps, std::span<const RowMatrix> sequences,
                    int threads) {
  if (steps < 1 || steps > algorithm.most_steps) {
    const std::string most = std::to_string(algorithm.most_steps);
    const std::string message =
        joined({"expected ", algorithm.most_steps == 1 ? "" : "1 to ", most, " for ", algorithm.name});
    throw out_of_range("steps", 1, algorithm.most_steps, steps, {}, message);
  }
  TunedReference tuned;
  switch (algorithm.tuning) {
    case ReferenceTuning::none: break;
    case ReferenceTuning::line_search:
      tuned.parameter_names = {std::string(algorithm.parameter_name)};
      tuned.parameters = {line_search(algorithm, steps, sequences, threads)};
      break;
    case ReferenceTuning::chebyshev_coefficients: {
      const ChebyshevCoefficients best = tune_chebyshev(steps, algorithm.pairs, sequences);
      add_coefficients("alpha", best.alpha, tuned);
      add_coefficients("beta", best.beta, tuned);
      break;
    }
  }
  tuned.predict = algorithm.make(tuned.parameters, steps, algorithm.pairs);
  return tuned;
}

ReferenceResult evaluate_reference(const ReferenceAlgorithm& algorithm, int steps,
                                   std::span<const RowMatrix> tuning, const DrawnSequences& held_out,
                                   int threads) {
  const TunedReference tuned = tune(algorithm, steps, tuning, threads);
  return {std::string(algorithm.name), algorithm.pairs, tuned.parameter_names, tuned.parameters,
          in_context_loss(held_out, tuned.predict, threads)};
}

std::vector<ReferenceResult> evaluate_references(const TaskConfig& task, std::uint64_t seed,
                                                 std::span<const RowMatrix> tuning,
                                                 const DrawnSequences& held_out, int threads) {
  std::vector<ReferenceAlgorithm> algorithms = task_algorithms(task, seed);
  int place = 0;
  for (const char* name : {"gradient_descent", "least_squares", "least_squares_lagged", "zero"}) {
    algorithms.insert(algorithms.begin() + place++, reference_algorithm(name));
  }
  std::vector<ReferenceResult> results;
  results.reserve(algorithms.size());
  for (const ReferenceAlgorithm& algorithm : algorithms) {
    results.push_back(evaluate_reference(algorithm, 1, tuning, held_out, threads));
  }
  return results;
}

}  // namespace mesa
