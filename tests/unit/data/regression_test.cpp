#include "data/regression.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <string>

#include "data/sequences.h"

namespace mesa {
namespace {

/// One character for each row: p(refix), x, y or e(nd of sequence).
std::string roles(const TaskConfig& config) {
  std::string text;
  for (const RegressionPosition& position : regression_layout(config)) text += "pxye"[int(position.role)];
  return text;
}

/// The task and the pair of each row.
std::string indices(const TaskConfig& config) {
  std::string text;
  for (const RegressionPosition& position : regression_layout(config)) {
    text += std::to_string(position.task) + std::to_string(position.pair) + ' ';
  }
  return text;
}

TaskConfig with_rows(int rows) {
  TaskConfig config = paper_task(TaskKind::regression);
  config.sequence_length = rows - 1;
  return config;
}

struct Pairs {
  Eigen::MatrixXd inputs;   ///< [pairs, d]
  Eigen::MatrixXd outputs;  ///< [pairs, d]
};

/// The whole pairs of one task of a sequence.
Pairs pairs_of(const TaskConfig& config, const Eigen::MatrixXd& states, int task) {
  const auto layout = regression_layout(config);
  Pairs pairs;
  for (std::size_t t = 0; t + 1 < layout.size(); ++t) {
    if (layout[t].role != RegressionRole::input || layout[t].task != task) continue;
    const Eigen::Index count = pairs.inputs.rows();
    CHECK(layout[t].pair == count);
    pairs.inputs.conservativeResize(count + 1, states.cols());
    pairs.outputs.conservativeResize(count + 1, states.cols());
    pairs.inputs.row(count) = states.row(Eigen::Index(t));
    pairs.outputs.row(count) = states.row(Eigen::Index(t) + 1);
  }
  return pairs;
}

}  // namespace

TEST_CASE("the layout of a few-shot sequence says what each row holds", "[data]") {
  TaskConfig config = with_rows(7);
  CHECK(roles(config) == "xyxyxyx");
  CHECK(indices(config) == "00 00 01 01 02 02 03 ");
  config.end_of_sequence = true;
  CHECK(roles(config) == "xyexyex");
  config.prefix_length = 2;
  CHECK(roles(config) == "ppxyexy");

  config.sequence_length = 10;
  config.prefix_length = 1;
  config.regression_tasks = 2;
  CHECK(roles(config) == "pxyepxyexye");
  CHECK(indices(config) == "00 00 00 00 10 10 10 10 11 11 11 ");
  config.end_of_sequence = false;
  config.prefix_length = 0;
  CHECK(roles(config) == "xyxyxyxyxyx");
  CHECK(indices(config) == "00 00 01 01 10 10 11 11 12 12 13 ");

  config = with_rows(2);
  CHECK(roles(config) == "xy");
  config.regression_tasks = 2;
  CHECK(roles(config) == "xy");
  config.prefix_length = 20;
  CHECK(roles(config) == "pp");
}

TEST_CASE("each few-shot task has one orthogonal map, and the second a new one", "[data]") {
  TaskConfig config = with_rows(50);
  config.observation_size = 3;
  config.regression_tasks = 2;
  config.end_of_sequence = true;
  config.prefix_length = 4;
  const Eigen::MatrixXd states = draw_states(config, 0);
  Eigen::MatrixXd maps[2];
  for (int task = 0; task < 2; ++task) {
    const Pairs pairs = pairs_of(config, states, task);
    REQUIRE(pairs.inputs.rows() == 7);
    maps[task] = fit_linear_map(pairs.inputs, pairs.outputs);
    CHECK((pairs.inputs * maps[task].transpose() - pairs.outputs).cwiseAbs().maxCoeff() < 1e-5);
    CHECK((maps[task] * maps[task].transpose() - Eigen::MatrixXd::Identity(3, 3)).norm() < 1e-5);
  }
  CHECK((maps[0] - maps[1]).norm() > 0.1);

  const std::string text = roles(config);
  for (std::size_t t = 0; t < text.size(); ++t) {
    CHECK(states.row(Eigen::Index(t)).isZero() == (text[t] == 'p' || text[t] == 'e'));
  }
}

TEST_CASE("the first task's pairs do not depend on prefix and end-of-sequence rows", "[data]") {
  TaskConfig plain = with_rows(60);
  plain.noise = 0.1;
  TaskConfig marked = plain;
  marked.end_of_sequence = true;
  marked.prefix_length = 20;
  const Pairs reference = pairs_of(plain, draw_states(plain, 3), 0);
  const Pairs pairs = pairs_of(marked, draw_states(marked, 3), 0);
  REQUIRE(pairs.inputs.rows() == 13);
  CHECK(pairs.inputs == reference.inputs.topRows(13));
  CHECK(pairs.outputs == reference.outputs.topRows(13));
}

TEST_CASE("noise is added to the outputs of a few-shot task only", "[data]") {
  TaskConfig config = with_rows(2000);
  const Pairs quiet = pairs_of(config, draw_states(config, 0), 0);
  config.noise = 0.5;
  const Pairs noisy = pairs_of(config, draw_states(config, 0), 0);
  CHECK(noisy.inputs == quiet.inputs);
  const double count = 1000 * 10;
  const double variance = (noisy.outputs - quiet.outputs).squaredNorm() / count;
  CHECK(std::abs(variance - 0.25) < 4 * 0.25 * std::sqrt(2 / count));
}

TEST_CASE("the inputs of a few-shot task are uniform in [-1, 1]", "[data]") {
  const TaskConfig config = with_rows(2000);
  const Eigen::MatrixXd inputs = pairs_of(config, draw_states(config, 0), 0).inputs;
  const auto count = double(inputs.size());
  CHECK(inputs.cwiseAbs().maxCoeff() <= 1);
  CHECK(std::abs(inputs.mean()) < 4 * std::sqrt(1 / 3.0 / count));
  CHECK(std::abs(inputs.squaredNorm() / count - 1 / 3.0) < 4 * std::sqrt(4 / 45.0 / count));
}

TEST_CASE("least squares on n true pairs costs (d/6)(1 - n/d)", "[data]") {
  // The least-norm fit to n < d pairs is right on their span and 0 across it, where the share 1 - n/d of a
  // new input's squared length d/3 lies, since its channels are uncorrelated and alike.
  constexpr int kSequences = 3000;
  TaskConfig config = with_rows(12);
  config.observation_size = 5;
  Eigen::VectorXd sums = Eigen::VectorXd::Zero(6);
  Eigen::VectorXd squares = Eigen::VectorXd::Zero(6);
  for (std::uint32_t sequence = 0; sequence < kSequences; ++sequence) {
    const Pairs pairs = pairs_of(config, draw_states(config, sequence), 0);
    for (int n = 0; n < 6; ++n) {
      Eigen::MatrixXd map = Eigen::MatrixXd::Zero(5, 5);
      if (n > 0) map = fit_linear_map(pairs.inputs.topRows(n), pairs.outputs.topRows(n));
      const Eigen::RowVectorXd error = pairs.outputs.row(n) - pairs.inputs.row(n) * map.transpose();
      sums(n) += error.squaredNorm() / 2;
      squares(n) += std::pow(error.squaredNorm() / 2, 2);
    }
  }
  for (int n = 0; n < 6; ++n) {
    const double mean = sums(n) / kSequences;
    const double standard_error = std::sqrt((squares(n) / kSequences - mean * mean) / kSequences);
    INFO(n << " pairs: " << mean << " +- " << standard_error);
    CHECK(std::abs(mean - 5.0 / 6 * (1 - n / 5.0)) < 4 * standard_error + 1e-6);
  }
}

}  // namespace mesa
