#include "evaluate/references.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "core/error.h"

namespace mesa {
namespace {

std::vector<RowMatrix> sequences(int count, int length) {
  TaskConfig task;
  task.observation_size = 6;
  task.sequence_length = length;
  return draw_sequences(task, 41, RandomPurpose::tuning, count);
}

/// Every entry of the table with either kind of pairs, tuned for few and several steps on few sequences.
struct TableCase {
  ReferenceAlgorithm algorithm;
  int steps;
  TunedReference tuned;
};

std::vector<TableCase> every_algorithm(const std::vector<RowMatrix>& tuning) {
  std::vector<TableCase> cases;
  for (ReferenceAlgorithm algorithm : reference_algorithms()) {
    for (const ContextPairs pairs : {ContextPairs::all, ContextPairs::lagged}) {
      algorithm.pairs = pairs;
      for (const int steps : std::set{1, std::min(5, algorithm.most_steps)}) {
        cases.push_back({algorithm, steps, tune(algorithm, steps, tuning)});
      }
    }
  }
  return cases;
}

double tuned_loss(std::string_view name, int steps, const std::vector<RowMatrix>& tuning,
                  const std::vector<RowMatrix>& held_out) {
  return in_context_loss(held_out, tune(reference_algorithm(name), steps, tuning).predict).mean;
}

}  // namespace

TEST_CASE("no reference algorithm sees what it has to predict", "[reference]") {
  constexpr Eigen::Index kLength = 12;
  const std::vector<RowMatrix> tuning = sequences(3, kLength);
  const RowMatrix& states = tuning[0];
  for (const auto& [algorithm, steps, tuned] : every_algorithm(tuning)) {
    const RowMatrix predictions = tuned.predict(states);
    REQUIRE(predictions.rows() == kLength);
    for (Eigen::Index t = 0; t < kLength; ++t) {
      RowMatrix changed = states;
      changed.bottomRows(kLength - t).array() += 0.5;  // all rows after t
      INFO(algorithm.name << ", " << steps << " steps, position " << t);
      CHECK(tuned.predict(changed).topRows(t + 1) == predictions.topRows(t + 1));
    }
    if (algorithm.name != "zero") CHECK(predictions.row(kLength - 1).norm() > 0);
  }
}

TEST_CASE("reference algorithms predict zero before their first pair", "[reference]") {
  const std::vector<RowMatrix> tuning = sequences(3, 12);
  for (const auto& [algorithm, steps, tuned] : every_algorithm(tuning)) {
    const RowMatrix predictions = tuned.predict(tuning[0]);
    INFO(algorithm.name << ", " << steps << " steps");
    CHECK(predictions.row(0).isZero(0));
    CHECK(predictions.row(1).isZero(0) ==
          (algorithm.pairs == ContextPairs::lagged || algorithm.name == "zero"));
  }
}

TEST_CASE("reference algorithms take sequences of one position", "[reference]") {
  const std::vector<RowMatrix> tuning = sequences(3, 1);
  for (const auto& [algorithm, steps, tuned] : every_algorithm(tuning)) {
    INFO(algorithm.name << ", " << steps << " steps");
    CHECK(tuned.predict(tuning[0]).rows() == 1);
    CHECK(tuned.predict(tuning[0]).isZero(0));
    for (const double parameter : tuned.parameters) CHECK(std::isfinite(parameter));
  }
}

TEST_CASE("tuned parameters have names, lie in their range and reproduce the predictor", "[reference]") {
  const std::vector<RowMatrix> tuning = sequences(3, 12);
  for (const auto& [algorithm, steps, tuned] : every_algorithm(tuning)) {
    INFO(algorithm.name << ", " << steps << " steps");
    REQUIRE(tuned.parameter_names.size() == tuned.parameters.size());
    CHECK(tune(algorithm, steps, tuning, 2).parameters == tuned.parameters);
    CHECK(algorithm.make(tuned.parameters, steps, algorithm.pairs)(tuning[0]) == tuned.predict(tuning[0]));
    if (algorithm.tuning == ReferenceTuning::line_search) {
      REQUIRE(tuned.parameters.size() == 1);
      CHECK(tuned.parameter_names[0] == algorithm.parameter_name);
      CHECK(tuned.parameters[0] >= algorithm.low);
      CHECK(tuned.parameters[0] <= algorithm.high);
    }
  }
  const TunedReference chebyshev = tune(reference_algorithm("chebyshev"), 2, tuning);
  CHECK(chebyshev.parameter_names == std::vector<std::string>{"alpha_1", "alpha_2", "beta_1", "beta_2"});
}

TEST_CASE("unknown names and numbers of steps out of range are refused", "[reference]") {
  const std::vector<RowMatrix> tuning = sequences(1, 2);
  CHECK_THROWS_WITH(reference_algorithm("gradient"),
                    Catch::Matchers::StartsWith("algorithm: expected one of gradient_descent, ") &&
                        Catch::Matchers::EndsWith(", zero, got \"gradient\""));
  CHECK_THROWS_WITH(tune(reference_algorithm("zero"), 2, tuning), "steps: expected 1 for zero, got 2");
  CHECK_THROWS_WITH(tune(reference_algorithm("newton"), 0, tuning),
                    "steps: expected 1 to 32 for newton, got 0");
  CHECK_THROWS_AS(tune(reference_algorithm("newton"), 33, tuning), Error);
}

TEST_CASE("the tuned references reach independently measured losses", "[evaluate]") {
  // Mean losses of an independent float32 implementation on the linear task, d 10, T 50.
  const DrawnSequences held_out({}, 31, RandomPurpose::held_out, 4096);
  const auto results =
      evaluate_references({}, 31, draw_sequences({}, 31, RandomPurpose::tuning, 512), held_out);
  REQUIRE(results.size() == 4);
  CHECK(results[0].name == "gradient_descent");
  CHECK(results[0].parameter_names == std::vector<std::string>{"eta"});
  CHECK(results[0].loss.mean == Approx(0.90).margin(0.02));
  CHECK(results[0].parameters[0] == Approx(0.0322).epsilon(0.1));
  CHECK(results[1].name == "least_squares");
  CHECK(results[1].parameter_names == std::vector<std::string>{"ridge"});
  CHECK(results[1].loss.mean == Approx(0.187).margin(0.004));
  CHECK(results[2].name == "least_squares_lagged");
  CHECK(results[2].loss.mean == Approx(0.211).margin(0.004));
  CHECK(results[3].name == "zero");
  CHECK(results[3].parameter_names.empty());
  CHECK(results[3].loss.mean == Approx(1.679).margin(0.03));
}

TEST_CASE("a rate tuned for several steps works on other sequences", "[reference]") {
  // Without a margin the losses are 58 +- 55: a few of the 4096 sequences diverge.
  const auto tuning = draw_sequences({}, 31, RandomPurpose::tuning, 512);
  const auto held_out = draw_sequences({}, 31, RandomPurpose::held_out, 4096);
  CHECK(tuned_loss("gradient_descent", 6, tuning, held_out) == Approx(0.6).margin(0.06));
  CHECK(tuned_loss("neumann", 5, tuning, held_out) == Approx(0.6).margin(0.06));
}

TEST_CASE("more steps of every iteration come closer to least squares", "[reference]") {
  const auto tuning = draw_sequences({}, 31, RandomPurpose::tuning, 64);
  const auto held_out = draw_sequences({}, 31, RandomPurpose::held_out, 256);
  const double least_squares = tuned_loss("least_squares", 1, tuning, held_out);
  for (const char* name : {"gradient_descent", "neumann", "richardson", "chebyshev", "newton"}) {
    double previous = in_context_loss(held_out, predict_zero()).mean;
    for (const int steps : {1, 3, 6}) {
      INFO(name << ", " << steps << " steps");
      const double loss = tuned_loss(name, steps, tuning, held_out);
      CHECK(loss < previous);
      CHECK(loss > least_squares);
      previous = loss;
    }
  }
}

}  // namespace mesa
