#include "train/trainer.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "evaluate/model_predictor.h"

namespace mesa {
namespace {

struct Setup {
  TaskConfig task{.observation_size = 3, .sequence_length = 8};
  ModelConfig model{.positions = 8,
                    .width = 12,
                    .output_size = 3,
                    .layers = 2,
                    .heads = 2,
                    .key_size = 4,
                    .initial_scale = 0.1};
  TrainingConfig training{.batch_size = 37, .learning_rate = 0.01};

  [[nodiscard]] Trainer trainer(std::uint64_t seed = 1, int threads = 1) const {
    return {task, TokenKind::constructed, model, training, seed, threads};
  }

  /// Oracle for a training step's loss: its sequences one by one through the predictor used in evaluation.
  [[nodiscard]] double batch_loss(const std::vector<float>& parameters, std::uint32_t step) const {
    return batch_loss(model_predictor(model, TokenKind::constructed, parameters), step);
  }
  [[nodiscard]] double batch_loss(const Predictor& predict, std::uint32_t step) const {
    double sum = 0;
    for (int sequence = 0; sequence < training.batch_size; ++sequence) {
      std::vector<float> drawn(std::size_t(model.positions + 1) * 3);
      RandomStream random(1, RandomPurpose::training, step, std::uint32_t(sequence));
      generate_sequence(task, random, {drawn.data(), model.positions + 1, 3});
      RowMatrix states(model.positions + 1, 3);
      std::copy(drawn.begin(), drawn.end(), states.data());
      sum += (predict(states) - states.bottomRows(model.positions)).squaredNorm() / 2;
    }
    return sum / (training.batch_size * model.positions);
  }
};

std::vector<float> trained(Trainer trainer, int steps) {
  for (int i = 0; i < steps; ++i) trainer.step();
  return trainer.state().model.parameters;
}

}  // namespace

TEST_CASE("training gives the same bits for the same seed, however many threads work", "[train]") {
  Setup setup;
  for (const int key_size : {4, 12}) {  // with K >= D it trains on fused weights
    setup.model.key_size = key_size;
    const auto once = trained(setup.trainer(), 10);
    CHECK(trained(setup.trainer(), 10) == once);
    CHECK(trained(setup.trainer(1, 2), 10) == once);
    CHECK(trained(setup.trainer(1, 5), 10) == once);
    CHECK(trained(setup.trainer(2), 10) != once);
  }
}

TEST_CASE("a step in slices, with its sums taken elsewhere, gives the bits of a whole one", "[train]") {
  Setup setup;
  setup.model.key_size = GENERATE(4, 12);  // with K >= D it trains on fused weights
  setup.training.batch_size = GENERATE(1, 5, 37, 64);
  Trainer alone = setup.trainer();
  Trainer leader = setup.trainer();
  Trainer helper = setup.trainer(1, 2);
  for (int step = 0; step < 5; ++step) {
    const StepResult expected = alone.step();
    helper.sums().want(3, 11);
    while (!helper.continue_sums(Deadline::in(0))) {
    }
    leader.sums().want(0, kGradientGroups);
    leader.continue_sums(Deadline::in(0));
    leader.sums().shorten(3);
    helper.sums().for_each_wanted([&](GroupNode node, const BatchSum& sum) {
      CHECK(node.first() >= 3);
      CHECK(node.first() + node.count() <= 11);
      leader.sums().add(node, sum.totals, sum.gradient);
    });
    while (!leader.continue_sums(Deadline::in(0))) {
    }
    leader.sums().want(11, kGradientGroups);
    CHECK(leader.continue_sums(Deadline::never()));
    leader.sums().for_each_wanted(
        [&](GroupNode node, const BatchSum& sum) { helper.sums().add(node, sum.totals, sum.gradient); });
    leader.draw_ahead(0, kGradientGroups, Deadline::in(0));
    helper.draw_ahead(2, 5, Deadline::never());
    CHECK(leader.finish_step().loss == expected.loss);
    CHECK(helper.finish_step().loss == expected.loss);
    REQUIRE(leader.state().model.parameters == alone.state().model.parameters);
    REQUIRE(helper.state().model.parameters == alone.state().model.parameters);
  }
}

TEST_CASE("a run resumed amid bad steps judges them like one that never stopped", "[train]") {
  Setup setup;
  setup.training.learning_rate = 10;
  setup.model.residual_limit = 100;
  Trainer whole = setup.trainer();
  while (whole.state().bad_steps < 7) REQUIRE(whole.step().health == TrainingHealth::fine);
  Trainer resumed = setup.trainer();
  resumed.set_state(whole.state());
  StepResult result{0, TrainingHealth::fine};
  for (int steps = 0; result.health == TrainingHealth::fine && steps < 200; ++steps) {
    result = whole.step();
    const StepResult again = resumed.step();
    CHECK(again.loss == result.loss);
    REQUIRE(again.health == result.health);
    REQUIRE(resumed.state().model.step == whole.state().model.step);
    REQUIRE(resumed.state().bad_steps == whole.state().bad_steps);
  }
  CHECK(result.health == TrainingHealth::astray);
  CHECK(resumed.state().model.parameters == whole.state().model.parameters);
}

TEST_CASE("a step's loss is the mean over its batch of the model's squared error", "[train]") {
  Setup setup;
  // Tiles have several sequences, or only one if it is long.
  setup.task.sequence_length = setup.model.positions = GENERATE(8, 140);
  Trainer trainer = setup.trainer();
  CHECK(trainer.step().loss ==
        Approx(setup.batch_loss(setup.trainer().state().model.parameters, 0)).epsilon(1e-5));
  const std::vector<float> parameters = trainer.state().model.parameters;
  CHECK(trainer.step().loss == Approx(setup.batch_loss(parameters, 1)).epsilon(1e-5));
}

TEST_CASE("an update follows the negative gradient of its batch's loss", "[train]") {
  // AdamW's first update moves each weight by the learning rate against the sign of its gradient, so the loss
  // has to fall by the learning rate times the gradient's absolute sum, here taken from central differences.
  const int key_size = GENERATE(4, 12);  // with K >= D it trains on fused weights
  Setup setup;
  setup.model.key_size = key_size;
  setup.training.weight_decay = 0;
  setup.training.learning_rate = 1e-4;
  Trainer trainer = setup.trainer();
  std::vector<float> parameters = trainer.state().model.parameters;
  const double before = setup.batch_loss(parameters, 0);
  double absolute_sum = 0;
  for (float& parameter : parameters) {
    const float kept = parameter;
    parameter = kept + 1e-2F;
    const double above = setup.batch_loss(parameters, 0);
    parameter = kept - 1e-2F;
    absolute_sum += std::abs(above - setup.batch_loss(parameters, 0)) / 2e-2;
    parameter = kept;
  }
  trainer.step();
  const double fall = before - setup.batch_loss(trainer.state().model.parameters, 0);
  CHECK(fall == Approx(1e-4 * absolute_sum).epsilon(0.05));
}

TEST_CASE("the first update has the learning rate of step 0", "[train]") {
  Setup setup;
  setup.training.warmup_steps = 2;
  Trainer trainer = setup.trainer();
  const std::vector<float> initial = trainer.state().model.parameters;
  trainer.step();
  CHECK(trainer.state().model.parameters == initial);
  trainer.step();
  CHECK(trainer.state().model.parameters != initial);
}

TEST_CASE("a model is astray after so many bad steps in a row, and a good one starts the count anew",
          "[train]") {
  Setup setup;
  setup.training.learning_rate = 0;  // so that a model stays as good or bad as it is
  setup.model.residual_limit = 100;
  Trainer trainer = setup.trainer();
  const TrainingState good = trainer.state();
  TrainingState bad = good;
  for (float& parameter : bad.model.parameters) parameter *= 1000;

  trainer.set_state(bad);
  for (int step = 1; step < kAstraySteps; ++step) {
    const StepResult result = trainer.step();
    REQUIRE(result.is_too_high);
    REQUIRE(result.health == TrainingHealth::fine);
    CHECK(trainer.state().bad_steps == step);
    CHECK(trainer.state().last_good.step == 0);
  }
  CHECK(trainer.step().health == TrainingHealth::astray);
  CHECK(trainer.state().bad_steps == 0);
  CHECK(trainer.state().model.parameters == good.model.parameters);

  TrainingState recovered = good;
  recovered.bad_steps = kAstraySteps - 1;
  trainer.set_state(recovered);
  CHECK(trainer.step().health == TrainingHealth::fine);
  CHECK(trainer.state().bad_steps == 0);
}

TEST_CASE("a loss that is not finite, or long far too high, leaves the last good state", "[train]") {
  struct Case {
    double learning_rate;
    double residual_limit;
    TrainingHealth end;
  };
  for (const Case& wild : {Case{1e9, 0, TrainingHealth::not_finite}, Case{10, 100, TrainingHealth::astray}}) {
    Setup setup;
    setup.training.learning_rate = wild.learning_rate;
    setup.model.residual_limit = wild.residual_limit;
    Trainer trainer = setup.trainer();
    std::vector<float> last_good;
    StepResult result{0, TrainingHealth::fine};
    for (int steps = 0; result.health == TrainingHealth::fine && steps < 200; ++steps) {
      const std::vector<float> current = trainer.state().model.parameters;
      const double limit =
          kAstrayFactor * setup.batch_loss(predict_zero(), std::uint32_t(trainer.state().model.step));
      result = trainer.step();
      if (result.loss <= limit) last_good = current;
    }
    REQUIRE(result.health == wild.end);
    CHECK(trainer.state().model.parameters == last_good);
    for (const float parameter : trainer.state().model.parameters) REQUIRE(std::isfinite(parameter));
  }
}

}  // namespace mesa
