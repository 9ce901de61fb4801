#include "data/task.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "data/sequences.h"

namespace mesa {
namespace {

const TaskKind kAllTasks[] = {TaskKind::linear,      TaskKind::partially_observed, TaskKind::nonlinear,
                              TaskKind::contracting, TaskKind::fixed_teacher,      TaskKind::regression};

/// Checks that the mean of |s_t|^2 / 2 over positions equals `expected` within four standard errors, which
/// must be below two per cent.
void check_zero_loss(const TaskConfig& config, double expected) {
  constexpr int kSequences = 4000;
  double sum = 0;
  double squares = 0;
  for (std::uint32_t sequence = 0; sequence < kSequences; ++sequence) {
    const Eigen::MatrixXd states = draw_states(config, sequence);
    const double loss = states.bottomRows(config.sequence_length).squaredNorm() / 2 / config.sequence_length;
    sum += loss;
    squares += loss * loss;
  }
  const double mean = sum / kSequences;
  const double standard_error = std::sqrt((squares / kSequences - mean * mean) / kSequences);
  INFO("task " << int(config.kind) << ": " << mean << " +- " << standard_error << ", expected " << expected);
  CHECK(std::abs(mean - expected) < 4 * standard_error);
  CHECK(standard_error < 0.02 * expected);
}

/// Short sequences with so much noise that it shows in the loss.
TaskConfig noisy(TaskKind kind) {
  TaskConfig config = paper_task(kind);
  config.sequence_length = 12;
  config.noise = 0.3;
  return config;
}

}  // namespace

TEST_CASE("predicting zero costs what each task's definition says", "[data]") {
  constexpr double kVariance = 0.3 * 0.3;
  constexpr double kT = 12;
  SECTION("linear and fixed teacher") {
    // W keeps the norm and each step adds d sigma^2: E|s_t|^2 = d/3 + (t - 1) d sigma^2 for t = 2 .. T + 1.
    const double expected = 10 / 6.0 + 10 * kVariance * (kT + 1) / 4;
    check_zero_loss(noisy(TaskKind::linear), expected);
    check_zero_loss(noisy(TaskKind::fixed_teacher), expected);
  }
  SECTION("partially observed") {
    // The same holds for h with n in place of d; C's entries have variance 1/4, so E|C h|^2 = d/4 E|h|^2.
    TaskConfig config = noisy(TaskKind::partially_observed);
    config.observation_noise = 0.5;
    const double hidden = 15 / 6.0 + 15 * kVariance * (kT + 1) / 4;
    check_zero_loss(config, 5 / 4.0 * hidden + 5 * 0.25 / 2);
  }
  SECTION("nonlinear") {
    // Every state to predict is a vector of length 1 plus noise.
    check_zero_loss(noisy(TaskKind::nonlinear), (1 + 10 * kVariance) / 2);
  }
  SECTION("regression") {
    // E|x|^2 = E|W x|^2 = d/3. Rows 2 .. T + 1 hold y x y x ...: half of them are outputs, with noise.
    TaskConfig config = noisy(TaskKind::regression);
    check_zero_loss(config, 10 / 6.0 + 10 * kVariance / 2 / 2);
    // With EOS they hold y 0 x repeatedly.
    config.end_of_sequence = true;
    check_zero_loss(config, (2 * 10 / 6.0 + 10 * kVariance / 2) / 3);
  }
}

TEST_CASE("a sequence depends on seed, purpose, step and sequence, and on nothing else", "[data]") {
  for (const TaskKind kind : kAllTasks) {
    INFO("task " << int(kind));
    const TaskConfig config = paper_task(kind);
    const Eigen::MatrixXd once = draw_states(config, {1, RandomPurpose::training, 2, 3});
    CHECK(draw_states(config, {1, RandomPurpose::training, 2, 3}) == once);
    CHECK(draw_states(config, {2, RandomPurpose::training, 2, 3}) != once);
    CHECK(draw_states(config, {1, RandomPurpose::held_out, 2, 3}) != once);
    CHECK(draw_states(config, {1, RandomPurpose::training, 3, 3}) != once);
    CHECK(draw_states(config, {1, RandomPurpose::training, 2, 4}) != once);
  }
}

TEST_CASE("every task makes sequences of one position and of one channel", "[data]") {
  for (const TaskKind kind : kAllTasks) {
    for (const int d : {1, 10}) {
      INFO("task " << int(kind) << ", d " << d);
      TaskConfig config = paper_task(kind);
      config.sequence_length = 1;
      config.observation_size = d;
      const Eigen::MatrixXd states = draw_states(config, 0);
      CHECK(states.allFinite());
      CHECK((states.array() != 0).all());
    }
  }
}

TEST_CASE("no task ever makes a number that is not finite", "[data]") {
  for (const TaskKind kind : kAllTasks) {
    INFO("task " << int(kind));
    TaskConfig config = paper_task(kind);
    config.sequence_length = 20;
    // One channel and wild noise, so that all of the nonlinear task's gelus underflow together.
    TaskConfig wild = config;
    wild.observation_size = 1;
    wild.noise = 10;
    wild.state_limit = 1e6;
    bool finite = true;
    for (std::uint32_t sequence = 0; sequence < 10000; ++sequence) {
      finite = finite && draw_states(config, sequence).allFinite();
      if (sequence < 1000) finite = finite && draw_states(wild, sequence, sequence).allFinite();
    }
    CHECK(finite);
  }
}

}  // namespace mesa
