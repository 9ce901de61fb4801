#include "experiment/experiment.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "core/error.h"
#include "experiment/comparison.h"
#include "experiment/presets.h"

namespace mesa {
namespace {

Config small_config(const std::vector<Setting>& more = {}) {
  std::vector<Setting> settings = {{"observation_size", "3"},
                                   {"sequence_length", "10"},
                                   {"batch_size", "16"},
                                   {"evaluation_sequences", "64"}};
  settings.insert(settings.end(), more.begin(), more.end());
  return make_config("linear-1", "quick", settings);
}

}  // namespace

TEST_CASE("one linear layer learns to do as well as one step of gradient descent", "[experiment]") {
  // What the preset promises, checked at a third of its quick variant's length.
  Experiment experiment(make_config(
      "linear-1", "quick", {{"steps", "250"}, {"decay_steps", "250"}, {"evaluation_sequences", "1024"}}));
  const double untrained = experiment.evaluate_model().mean;
  const auto status = experiment.train(250);
  CHECK(status.step == 250);
  CHECK(status.health == TrainingHealth::fine);
  const LossCurve trained = experiment.evaluate_model();
  Comparison comparison(experiment.config());
  const LossCurve& descent = comparison.references()[0].loss;
  CHECK(untrained > 1.6);
  CHECK(loss_ratio(trained, descent).value < 1.01);
  CHECK(loss_ratio(trained, descent).value > 0.96);
  // Also the curve follows that of gradient descent, though late positions still scatter.
  double distance = 0;
  for (std::size_t t = 0; t < trained.by_position.size(); ++t) {
    distance += std::abs(trained.by_position[t] - descent.by_position[t]);
  }
  CHECK(distance / double(trained.by_position.size()) < 0.1 * descent.mean);
}

TEST_CASE("restarting repeats the run bit for bit", "[experiment]") {
  Experiment experiment(small_config());
  experiment.train(7);
  const std::vector<float> first(experiment.parameters().begin(), experiment.parameters().end());
  experiment.restart();
  CHECK(experiment.step() == 0);
  for (int i = 0; i < 7; ++i) experiment.train(1);
  CHECK(std::equal(first.begin(), first.end(), experiment.parameters().begin()));
}

TEST_CASE("parts of an evaluation, computed in slices, together make the whole", "[experiment]") {
  const int sequences = GENERATE(1, 3, 64, 100);
  const Config config = small_config({{"evaluation_sequences", std::to_string(sequences)}});
  Experiment experiment(config);
  experiment.train(3);
  const LossCurve whole = experiment.evaluate_model();
  LossSums all;
  for (const int end : {5, 5, 40, kEvaluationGroups}) {
    Experiment other(config);
    other.begin_evaluation(experiment.parameters(), all.count, end);
    int slices = 1;
    while (!other.continue_evaluation(Deadline::in(0))) {
      CHECK_THROWS_AS(other.take_loss_sums(), Error);
      ++slices;
    }
    const LossSums part = other.take_loss_sums();
    CHECK(slices == std::max(1, int(part.by_sequence.size())));
    CHECK(part.first == all.count);
    all.count += part.count;
    all.by_group.insert(all.by_group.end(), part.by_group.begin(), part.by_group.end());
    all.by_sequence.insert(all.by_sequence.end(), part.by_sequence.begin(), part.by_sequence.end());
  }
  REQUIRE(all.by_sequence.size() == std::size_t(sequences));
  CHECK(loss_curve(all).by_position == whole.by_position);
  CHECK(loss_curve(all).mean == whole.mean);
  CHECK(loss_curve(all).standard_error == whole.standard_error);
}

TEST_CASE("an evaluation that was not begun cannot be continued or taken", "[experiment]") {
  Experiment experiment(small_config());
  CHECK_THROWS_AS(experiment.continue_evaluation(Deadline::never()), Error);
  CHECK_THROWS_AS(experiment.take_loss_sums(), Error);
}

TEST_CASE("a run resumed from a checkpoint keeps the state to return to", "[experiment]") {
  const Config config = small_config({{"learning_rate", "10"},
                                      {"residual_limit", "100"},
                                      {"gradient_limit", "1000"},
                                      {"warmup_steps", "0"}});
  Experiment experiment(config);
  while (experiment.trainer().state().bad_steps < 3) {
    REQUIRE(experiment.train(1).health == TrainingHealth::fine);
    REQUIRE(experiment.step() < 300);
  }
  Experiment resumed(config);
  resumed.restore(experiment.checkpoint());
  const TrainingState& state = experiment.trainer().state();
  const TrainingState& restored = resumed.trainer().state();
  CHECK(restored.bad_steps == state.bad_steps);
  CHECK(restored.last_good.step == state.last_good.step);
  CHECK(restored.last_good.parameters == state.last_good.parameters);
  CHECK(restored.last_good.optimiser.second_moment == state.last_good.optimiser.second_moment);
  CHECK(restored.model.parameters == state.model.parameters);
  CHECK(resumed.train(100).step == experiment.train(100).step);
  CHECK(
      std::equal(resumed.parameters().begin(), resumed.parameters().end(), experiment.parameters().begin()));
}

TEST_CASE("a run whose loss is no longer finite stops, keeps its state and says what to do", "[experiment]") {
  Experiment experiment(small_config(
      {{"residual_limit", "0"}, {"learning_rate", "100"}, {"weight_decay", "100"}, {"initial_scale", "10"}}));
  const auto status = experiment.train(1000);
  CHECK(status.step < 1000);
  CHECK(status.health == TrainingHealth::not_finite);
  const std::string why = why_stopped(experiment.config(), status);
  CHECK(why.find("finite") != std::string::npos);
  CHECK(why.find("learning_rate") != std::string::npos);
  CHECK(why.find("such as 10") != std::string::npos);
  for (const float parameter : experiment.parameters()) REQUIRE(std::isfinite(parameter));
}

TEST_CASE("advice after a failed run names what can be at fault", "[experiment]") {
  const auto advice = [](const std::vector<Setting>& settings, int step) {
    TrainingStatus status;
    status.step = step;
    status.health = TrainingHealth::astray;
    return why_stopped(small_config(settings), status);
  };
  const std::string at_start = advice({}, 0);
  CHECK(at_start.find("learning_rate, such as ") != std::string::npos);
  CHECK(at_start.find("initial_scale, such as 0.002.") != std::string::npos);
  CHECK(advice({}, 1).find("initial_scale") == std::string::npos);
  const std::string without_rate = advice({{"learning_rate", "0"}}, 0);
  CHECK(without_rate.find("rate") == std::string::npos);
  CHECK(without_rate.find("initial_scale, such as 0.002.") != std::string::npos);
  const std::string rising = advice({{"learning_rate", "0"}, {"final_learning_rate", "20"}}, 1);
  CHECK(rising.find("Try a smaller final_learning_rate, such as 2.") != std::string::npos);
}

TEST_CASE("judging the newest update changes nothing when it is good", "[experiment]") {
  Experiment plain(small_config());
  Experiment judged(small_config());
  for (int step = 1; step <= 3; ++step) {
    plain.train(1);
    judged.train(1);
    CHECK(judged.judge_state().health == TrainingHealth::fine);
    REQUIRE(judged.checkpoint() == plain.checkpoint());
  }

  Experiment wild(small_config({{"learning_rate", "100"},
                                {"warmup_steps", "0"},
                                {"weight_decay", "100"},
                                {"residual_limit", "0"},
                                {"layers", "6"}}));
  const Checkpoint before = wild.checkpoint();
  REQUIRE(wild.train(1).health == TrainingHealth::fine);
  const TrainingStatus status = wild.judge_state();
  CHECK(status.health == TrainingHealth::not_finite);
  CHECK(status.step == 0);
  CHECK(wild.checkpoint() == before);
}

TEST_CASE("a state with a bad held-out loss is left, at the end also if it is far too high", "[experiment]") {
  struct Case {
    double loss;
    bool is_end;
    TrainingHealth health;
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const Case& each : {Case{1, false, TrainingHealth::fine}, Case{1, true, TrainingHealth::fine},
                           Case{1e3, false, TrainingHealth::fine}, Case{1e3, true, TrainingHealth::astray},
                           Case{nan, false, TrainingHealth::not_finite}}) {
    Experiment experiment(small_config());
    experiment.train(3);
    LossCurve curve;
    curve.mean = each.loss;
    CHECK(experiment.judge_held_out(curve, each.is_end).health == each.health);
    CHECK(experiment.step() == (each.health == TrainingHealth::fine ? 3 : 2));
  }
}

TEST_CASE("a layer or head out of range is refused", "[experiment]") {
  const Experiment experiment(small_config());
  CHECK_NOTHROW(experiment.weight_products(0, 1));
  CHECK_THROWS_AS(experiment.weight_products(1, 0), Error);
  CHECK_THROWS_AS(experiment.weight_products(0, 2), Error);
  CHECK_THROWS_AS(experiment.weight_products(-1, 0), Error);
}

}  // namespace mesa
