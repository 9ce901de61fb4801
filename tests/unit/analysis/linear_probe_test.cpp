#include "analysis/linear_probe.h"

#include <Eigen/LU>
#include <Eigen/QR>
#include <catch2/catch.hpp>

#include "complete_pass.h"
#include "core/error.h"
#include "data/nonlinear_system.h"
#include "evaluate/sequences.h"
#include "random_numbers.h"

namespace mesa {
namespace {

constexpr int kD = 3;
constexpr int kSequences = 100;

/// A small model with random weights, and its subject.
struct Example {
  explicit Example(TaskKind kind = TaskKind::linear, float scale = 0.4F) {
    task = paper_task(kind);
    task.observation_size = kD;
    task.sequence_length = 9;
    model = {.positions = 9, .width = 4 * kD, .output_size = kD, .layers = 2, .heads = 2, .key_size = 4};
    parameters = test::normal_numbers<float>(ParameterTable(model).size, 1, scale);
  }

  [[nodiscard]] Subject subject() const { return {task, TokenKind::constructed, model, parameters, 7}; }

  TaskConfig task;
  ModelConfig model;
  std::vector<float> parameters;
};

Effort effort(int threads = 1) {
  Effort effort;
  effort.sequences = kSequences;
  effort.threads = threads;
  return effort;
}

/// The residual streams of a batch at one place, with an intercept: [sequences, D + 1].
RowMatrix inputs_at(const Example& example, RandomPurpose purpose, int depth, int t) {
  RowMatrix inputs(kSequences, example.model.width + 1);
  test::CompletePass<float> pass(example.model);
  const std::vector<RowMatrix> sequences = draw_sequences(example.task, 7, purpose, kSequences);
  for (Eigen::Index i = 0; i < kSequences; ++i) {
    pass.run(TokenKind::constructed, sequences[std::size_t(i)], example.parameters);
    for (int channel = 0; channel < example.model.width; ++channel) {
      inputs(i, channel) = pass.workspace.residual(depth)(t, channel);
    }
    inputs(i, example.model.width) = 1;
  }
  return inputs;
}

/// Row t of the targets of a batch.
RowMatrix values_at(const Example& example, const ProbeTargets& targets, RandomPurpose purpose, int t) {
  RowMatrix values(kSequences, targets.count * targets.size);
  const std::vector<RowMatrix> sequences = draw_sequences(example.task, 7, purpose, kSequences);
  for (Eigen::Index i = 0; i < kSequences; ++i) {
    values.row(i) = targets.values(sequences[std::size_t(i)]).row(t);
  }
  return values;
}

/// The rows for which the length of `values` has a z-score of at most 2.
std::vector<Eigen::Index> without_outliers(const RowMatrix& values) {
  const Eigen::VectorXd lengths = values.rowwise().norm();
  const double deviation = std::sqrt((lengths.array() - lengths.mean()).square().mean());
  std::vector<Eigen::Index> rows;
  for (Eigen::Index i = 0; i < lengths.size(); ++i) {
    if ((lengths[i] - lengths.mean()) / deviation <= 2) rows.push_back(i);
  }
  return rows;
}

}  // namespace

TEST_CASE("a probe is a least-squares fit on one batch, measured on another", "[analysis]") {
  // Oracle: QR decompositions of the inputs themselves.
  const Example example;
  const ProbeTargets targets = preconditioned_input_target(kD);
  const ProbeResult result = probe(example.subject(), {next_state_target(kD), targets}, effort(3))[1];
  for (const int depth : {1, 2}) {
    for (const int t : {2, 8}) {
      const RowMatrix to_fit = values_at(example, targets, RandomPurpose::tuning, t);
      const std::vector<Eigen::Index> fitted = without_outliers(to_fit);
      const RowMatrix coefficients =
          RowMatrix(inputs_at(example, RandomPurpose::tuning, depth, t)(fitted, Eigen::all))
              .householderQr()
              .solve(RowMatrix(to_fit(fitted, Eigen::all)));
      const RowMatrix all = values_at(example, targets, RandomPurpose::held_out, t);
      const std::vector<Eigen::Index> kept = without_outliers(all);
      REQUIRE(kept.size() < kSequences);
      const RowMatrix values = all(kept, Eigen::all);
      const RowMatrix guesses =
          RowMatrix(inputs_at(example, RandomPurpose::held_out, depth, t)(kept, Eigen::all)) * coefficients;
      const double error = (guesses - values).rowwise().squaredNorm().mean() / 2;
      const double variance = (values.rowwise() - values.colwise().mean()).rowwise().squaredNorm().mean() / 2;
      CHECK(result.errors[0].error(depth, t) == Approx(error).epsilon(1e-4));
      CHECK(result.errors[0].relative_error(depth, t) == Approx(error / variance).epsilon(1e-4));
      CHECK(result.kept[std::size_t(t)] == Approx(double(kept.size()) / kSequences));
    }
  }
}

TEST_CASE("the preconditioned input solves its equation", "[analysis]") {
  const RowMatrix states = draw_sequences(Example().task, 3, RandomPurpose::held_out, 1)[0];
  const RowMatrix inputs = preconditioned_input_target(kD).values(states);
  for (Eigen::Index t = 0; t < inputs.rows(); ++t) {
    const RowMatrix a =
        states.topRows(t).transpose() * states.topRows(t) + 1e-3 * RowMatrix::Identity(kD, kD);
    const Eigen::VectorXd expected = a.inverse() * states.row(t).transpose();
    CHECK((inputs.row(t).transpose() - expected).norm() < 1e-8 * expected.norm());
  }
}

TEST_CASE("probes find what a token holds, and not what it does not hold", "[analysis]") {
  const Example idle(TaskKind::linear, 0);
  const ProbeResult past = probe(idle.subject(), {past_state_targets(kD, 4)}, effort())[0];
  const ProbeResult next = probe(idle.subject(), {next_state_target(kD)}, effort())[0];
  for (int depth = 0; depth <= 2; ++depth) {
    CHECK(past.errors[0].relative_error(depth, 8) < 1e-6);
    CHECK(past.errors[1].relative_error(depth, 8) < 1e-6);
    CHECK(past.errors[3].relative_error(depth, 8) > 0.9);
    CHECK(next.errors[0].relative_error(depth, 8) > 0.9);
  }
  CHECK(std::isnan(past.errors[3].relative_error(0, 2)));
  // With one system for all sequences, the next state is a linear map of this one.
  const Example fixed(TaskKind::fixed_teacher, 0);
  CHECK(probe(fixed.subject(), {next_state_target(kD)}, effort())[0].errors[0].relative_error(0, 4) < 1e-2);
}

TEST_CASE("hidden features are those of the state and of the one before", "[analysis]") {
  TaskConfig task = paper_task(TaskKind::nonlinear);
  const RowMatrix states = draw_sequences(task, 3, RandomPurpose::held_out, 1)[0];
  const int d = task.observation_size;
  const RowMatrix features = feature_targets(task, 3).values(states);
  const Eigen::VectorXf expected = NonlinearFeature(d, 3)(states.row(6).transpose().cast<float>());
  CHECK((features.row(6).head(d).transpose() - expected.cast<double>()).norm() < 1e-6);
  CHECK(features.row(7).tail(d) == features.row(6).head(d));
  CHECK(features.row(0).tail(d).isZero(0));
}

TEST_CASE("binding averages over the positions that have all eight states", "[analysis]") {
  const Example example;
  const Record record = analyze_binding(example.subject(), effort());
  const auto& matrix = std::get<RowMatrix>(record.fields[1].value);
  const ProbeResult past = probe(example.subject(), {past_state_targets(kD, 8)}, effort())[0];
  for (int lag = 0; lag < 8; ++lag) {
    const RowMatrix& errors = past.errors[std::size_t(lag)].relative_error;
    CHECK(matrix(1, lag) == Approx((errors(1, 7) + errors(1, 8)) / 2));
  }
  Example brief;
  brief.task.sequence_length = brief.model.positions = 7;
  CHECK_THROWS_AS(check_binding(brief.subject()), Error);
}

TEST_CASE("probes do not depend on the number of threads", "[analysis]") {
  const Example example;
  const auto errors = [&](int threads) {
    return probe(example.subject(), {next_state_target(kD)}, effort(threads))[0].errors[0].error;
  };
  CHECK(errors(1) == errors(3));
}

}  // namespace mesa
