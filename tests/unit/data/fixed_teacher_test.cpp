#include "data/fixed_teacher.h"

#include <catch2/catch.hpp>

#include "data/sequences.h"

namespace mesa {
namespace {

Eigen::MatrixXd fitted_transition(const Eigen::MatrixXd& states) {
  return fit_linear_map(states.topRows(states.rows() - 1), states.bottomRows(states.rows() - 1));
}

double largest_entry(const Eigen::MatrixXd& matrix) { return matrix.cwiseAbs().maxCoeff(); }

}  // namespace

TEST_CASE("all sequences of a seed have the same orthogonal teacher", "[data]") {
  TaskConfig config = paper_task(TaskKind::fixed_teacher);
  config.noise = 0;
  const Eigen::MatrixXd training = draw_states(config, {5, RandomPurpose::training, 3, 8});
  const Eigen::MatrixXd held_out = draw_states(config, {5, RandomPurpose::held_out, 0, 1});
  constexpr std::uint64_t kOtherSeed = std::uint64_t{1} << 40 | 5;
  const Eigen::MatrixXd elsewhere = draw_states(config, {kOtherSeed, RandomPurpose::training, 3, 8});

  const Eigen::MatrixXd teacher = fitted_transition(training);
  CHECK(largest_entry(teacher * teacher.transpose() - Eigen::MatrixXd::Identity(10, 10)) < 1e-4);
  CHECK(largest_entry(teacher - fixed_teacher(10, 5).cast<double>()) < 1e-4);
  CHECK(largest_entry(teacher - fitted_transition(held_out)) < 1e-4);
  CHECK(largest_entry(teacher - fitted_transition(elsewhere)) > 0.1);
  CHECK(largest_entry(fitted_transition(elsewhere) - fixed_teacher(10, kOtherSeed).cast<double>()) < 1e-4);
  CHECK(largest_entry(training.row(0) - held_out.row(0)) > 0.1);
}

TEST_CASE("a teacher shares no random numbers with its sequences", "[data]") {
  // If the streams were the same, the first sequence of a linear system would have the teacher's matrix.
  TaskConfig linear;
  linear.noise = 0;
  const Eigen::MatrixXd drawn = fitted_transition(draw_states(linear, {5, RandomPurpose::training, 0, 0}));
  CHECK(largest_entry(drawn - fixed_teacher(10, 5).cast<double>()) > 0.1);
}

}  // namespace mesa
