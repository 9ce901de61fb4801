#include "analysis/prompt_tuning.h"

#include <catch2/catch.hpp>

#include "analysis/few_shot_regression.h"
#include "core/error.h"
#include "evaluate/model_predictor.h"
#include "gradient_check.h"
#include "random_numbers.h"

namespace mesa {
namespace {

constexpr int kChannels = 3;
constexpr int kLength = 26;

TaskConfig prompted_task(int prefix_length) {
  TaskConfig task = paper_task(TaskKind::regression);
  task.observation_size = kChannels;
  task.sequence_length = kLength;
  task.end_of_sequence = true;
  task.prefix_length = prefix_length;
  return task;
}

ModelConfig small_model() {
  ModelConfig model{
      .positions = kLength, .width = 6, .output_size = kChannels, .embedded_size = kChannels, .layers = 2};
  model.attention = {AttentionKind::softmax, AttentionKind::mesa};
  model.heads = 2;
  model.key_size = 4;
  model.positional_encoding = true;
  return model;
}

template <class Scalar>
std::vector<Scalar> some_parameters() {
  return test::normal_numbers<Scalar>(ParameterTable(small_model()).size, 1, 0.4F);
}

Subject small_subject(std::span<const float> parameters) {
  Subject subject{};
  subject.task.observation_size = kChannels;
  subject.task.sequence_length = kLength;
  subject.tokens = TokenKind::raw;
  subject.model = small_model();
  subject.parameters = parameters;
  subject.seed = 5;
  return subject;
}

}  // namespace

TEST_CASE("a prompt fills the rows of prefix and end of sequence, and no others", "[analysis]") {
  const TaskConfig task = prompted_task(2);
  const std::vector<float> prompt = test::normal_numbers<float>(3 * kChannels, 1);
  const RowMatrix states = draw_sequences(task, 3, RandomPurpose::held_out, 1)[0];
  RowMatrix seen;
  const Predictor spy = with_prompt(task, prompt, [&](const RowMatrix& prompted) {
    seen = prompted;
    return prompted;
  });
  spy(states);
  const auto row_of = [&](int row) {
    return Eigen::Map<const Eigen::RowVectorXf>(prompt.data() + std::ptrdiff_t(row) * kChannels, kChannels)
        .cast<double>();
  };
  for (int t = 0; t <= kLength; ++t) {
    INFO("row " << t);
    if (t < 2) {
      CHECK(seen.row(t) == row_of(1 + t));
    } else if (t % 3 == 1) {  // x y EOS from row 2 on
      CHECK(seen.row(t) == row_of(0));
    } else {
      CHECK(seen.row(t) == states.row(t));
      CHECK(!seen.row(t).isZero(0));
    }
  }
}

TEST_CASE("the gradient of the prompt equals central differences", "[analysis]") {
  for (const int prefix_length : {0, 4}) {
    const int rows = 1 + prefix_length;
    PromptPass<double> pass(small_model(), some_parameters<double>(), prompted_task(prefix_length), 7);
    std::vector<double> prompt = test::normal_numbers<double>(std::size_t(rows) * kChannels, 2);
    std::vector<double> gradient(prompt.size());
    std::vector<double> unused(prompt.size());
    const auto loss_into = [&](std::vector<double>& sum) {
      return pass.add_tile(3, 0, 2, {prompt.data(), rows, kChannels}, {sum.data(), rows, kChannels}) +
             pass.add_tile(3, 2, 1, {prompt.data(), rows, kChannels}, {sum.data(), rows, kChannels});
    };
    loss_into(gradient);
    CHECK(test::gradient_error(prompt, gradient, [&] { return loss_into(unused); }) < 1e-6);
  }
}

TEST_CASE("the loss that a prompt is tuned on is that of its few-shot curve", "[analysis]") {
  // The batches are of other sequences than the curve's, so the losses agree only in the mean, for a model
  // that predicts zero.
  const TaskConfig task = prompted_task(2);
  const std::vector<float> zeros(ParameterTable(small_model()).size);
  const Subject subject = small_subject(zeros);
  const TunedPrompt tuned =
      tune_prompt(subject, task, std::vector<float>(3 * kChannels), {1e-3, 100}, 1, [](double) {});
  double mean = 0;
  for (const double loss : tuned.losses) mean += loss / 100;
  CHECK(mean == Approx(kChannels / 6.0).epsilon(0.02));
}

TEST_CASE("tuning a prompt lowers the loss of a frozen model, whatever the number of threads", "[analysis]") {
  const TaskConfig task = prompted_task(2);
  const std::vector<float> parameters = some_parameters<float>();
  const Subject subject = small_subject(parameters);
  const std::vector<float> start = test::normal_numbers<float>(3 * kChannels, 4);
  double reported = 0;
  const TunedPrompt tuned =
      tune_prompt(subject, task, start, {0.03, 150}, 1, [&](double share) { reported = share; });
  CHECK(reported == 1);
  CHECK(tune_prompt(subject, task, start, {0.03, 150}, 3, [](double) {}).prompt == tuned.prompt);

  const DrawnSequences held_out(task, subject.seed, RandomPurpose::held_out, 64);
  const Predictor model = model_predictor(subject.model, subject.tokens, parameters);
  const auto loss = [&](const std::vector<float>& prompt) {
    double sum = 0;
    for (const PairLoss& entry : few_shot_curve(task, held_out, with_prompt(task, prompt, model))) {
      sum += entry.loss;
    }
    return sum;
  };
  CHECK(loss(tuned.prompt) < 0.9 * loss(start));
}

TEST_CASE("a prompt needs a model on raw tokens and room for a pair", "[analysis]") {
  const std::vector<float> parameters = some_parameters<float>();
  Subject subject = small_subject(parameters);
  subject.tokens = TokenKind::window;
  CHECK_THROWS_AS(check_prompt(subject), Error);
  subject.tokens = TokenKind::raw;
  subject.task.sequence_length = 23;
  CHECK_THROWS_AS(check_prompt(subject), Error);
}

}  // namespace mesa
