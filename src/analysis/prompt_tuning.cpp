#include "analysis/prompt_tuning.h"

#include <algorithm>
#include <cassert>
#include <memory>
#include <utility>

#include "analysis/few_shot_regression.h"
#include "analysis/requirements.h"
#include "core/error.h"
#include "core/help.h"
#include "core/matrix_product.h"
#include "core/parallel.h"
#include "core/sizes.h"
#include "evaluate/model_predictor.h"
#include "model/transformer.h"
#include "train/adamw.h"
#include "train/batch_sums.h"

namespace mesa {
namespace {

constexpr int kBatch = 16;
constexpr double kEndOfSequenceRate = 1e-3;
constexpr double kPrefixRate = 9e-4;
constexpr int kDefaultUpdates = 400;

constexpr int kNoRow = -1;

/// Which row of the prompt stands at row t of a sequence, or kNoRow.
int prompt_row(std::span<const RegressionPosition> layout, int t) {
  switch (layout[std::size_t(t)].role) {
    case RegressionRole::end_of_sequence: return 0;
    case RegressionRole::prefix: return 1 + t;
    case RegressionRole::input:
    case RegressionRole::output: break;
  }
  return kNoRow;
}

/// Whether the prediction at row t is that of some y_i.
bool is_asked(std::span<const RegressionPosition> layout, int t) {
  return layout[std::size_t(t)].role == RegressionRole::input;
}

}  // namespace

template <class Scalar>
void place_prompt(std::span<const RegressionPosition> layout, const MatrixView<const Scalar>& prompt,
                  const MatrixView<Scalar>& sequence) {
  for (int t = 0; t < sequence.rows; ++t) {
    const int row = prompt_row(layout, t);
    if (row != kNoRow) std::copy(&prompt(row, 0), &prompt(row, 0) + prompt.columns, &sequence(t, 0));
  }
}

template <class Scalar>
PromptPass<Scalar>::PromptPass(const ModelConfig& model, std::span<const Scalar> parameters,
                               const TaskConfig& task, std::uint64_t seed)
    : task_(task),
      seed_(seed),
      layout_(regression_layout(task)),
      model_(complete_model(model)),
      parameters_(parameters.begin(), parameters.end()),
      states_(std::size_t(kTileSequences) * (task.sequence_length + 1) * task.observation_size),
      workspace_(model_, kTileSequences),
      parameter_gradient_(model_.own.size),
      row_gradient_((1 + std::size_t(task.prefix_length)) * model.width) {
  assert(model.embedded_size == task.observation_size && task.regression_tasks == 1);
  for (int t = 0; t < task.sequence_length; ++t) pairs_ += int(is_asked(layout_, t));
}

template <class Scalar>
double PromptPass<Scalar>::add_tile(int update, int first, int count, const MatrixView<const Scalar>& prompt,
                                    const MatrixView<Scalar>& gradient) {
  const int positions = task_.sequence_length;
  const int d = task_.observation_size;
  const auto states = [&](int n) {
    return MatrixView<float>(states_.data() + std::ptrdiff_t(n) * (positions + 1) * d, positions + 1, d);
  };
  workspace_.set_sequences(count);
  for (int n = 0; n < count; ++n) {
    RandomStream random(seed_, RandomPurpose::prompt_tuning, std::uint32_t(update), std::uint32_t(first + n));
    generate_sequence(task_, random, states(n));
    write_tokens(TokenKind::raw, read_only(states(n)), workspace_.tokens(n));
    place_prompt(layout_, prompt, workspace_.tokens(n));
  }
  const ModelWeights<const Scalar> weights = model_.own.weights(std::as_const(parameters_).data());
  forward(model_, weights, workspace_);

  workspace_.clear_gradients();
  double loss = 0;
  for (int n = 0; n < count; ++n) {
    const MatrixView<const Scalar> predictions = workspace_.predictions(n);
    const MatrixView<Scalar> prediction_gradient = workspace_.prediction_gradient(n);
    for (int t = 0; t < positions; ++t) {
      for (int channel = 0; channel < d; ++channel) {
        const Scalar error =
            is_asked(layout_, t) ? predictions(t, channel) - Scalar(states(n)(t + 1, channel)) : Scalar(0);
        loss += double(error) * double(error) / 2;
        prediction_gradient(t, channel) = error;
      }
    }
  }
  backward(model_, weights, workspace_, model_.own.weights(parameter_gradient_.data()));

  const MatrixView<Scalar> row_gradient(row_gradient_.data(), prompt.rows, model_.config.width);
  std::fill(row_gradient_.begin(), row_gradient_.end(), Scalar(0));
  for (int n = 0; n < count; ++n) {
    const MatrixView<const Scalar> residual = workspace_.residual_gradient(n);
    for (int t = 0; t < positions; ++t) {
      const int row = prompt_row(layout_, t);
      if (row == kNoRow) continue;
      for (int channel = 0; channel < residual.columns; ++channel) {
        row_gradient(row, channel) += residual(t, channel);
      }
    }
  }
  multiply_accumulate(read_only(row_gradient), weights.embedding.transposed(), gradient);
  return loss;
}

TunedPrompt tune_prompt(const Subject& subject, const TaskConfig& task, std::vector<float> prompt,
                        const PromptTuning& tuning, int threads,
                        const std::function<void(double share)>& progress) {
  constexpr double kUnlimited = 1e30;
  const int rows = 1 + task.prefix_length;
  const int d = task.observation_size;
  std::vector<std::unique_ptr<PromptPass<float>>> passes;
  passes.reserve(std::size_t(threads));
  for (int i = 0; i < threads; ++i) {
    passes.push_back(
        std::make_unique<PromptPass<float>>(subject.model, subject.parameters, task, subject.seed));
  }
  const double scale = 1 / (double(kBatch) * passes[0]->pairs());
  ThreadPool pool(threads);
  BatchSums sums(BatchPartition(kBatch, task.sequence_length), 1, prompt.size());
  TunedPrompt tuned{std::move(prompt), {}};
  AdamWState optimiser(tuned.prompt.size());
  for (int update = 0; update < tuning.updates; ++update) {
    const BatchSum& sum = sums.sum_batch(pool, [&](int worker, int first, int count, BatchSum& part) {
      part.totals[0] += passes[std::size_t(worker)]->add_tile(update, first, count,
                                                              {std::as_const(tuned.prompt).data(), rows, d},
                                                              {part.gradient.data(), rows, d});
    });
    tuned.losses.push_back(sum.totals[0] * scale);
    std::vector<float> gradient = sum.gradient;
    for (float& entry : gradient) entry *= float(scale);
    adamw_update(optimiser, gradient, tuning.learning_rate, 0, kUnlimited, tuned.prompt);
    progress(double(update + 1) / tuning.updates);
  }
  return tuned;
}

Predictor with_prompt(const TaskConfig& task, std::span<const float> prompt, Predictor predict) {
  return [layout = regression_layout(task), prompt = std::vector<double>(prompt.begin(), prompt.end()),
          predict = std::move(predict)](const RowMatrix& states) -> RowMatrix {
    RowMatrix prompted = states;
    const auto d = int(states.cols());
    place_prompt<double>(layout, {prompt.data(), int(prompt.size()) / d, d},
                         {prompted.data(), int(states.rows()), d});
    return predict(prompted);
  };
}

namespace {

std::vector<double> losses_of(const std::vector<PairLoss>& curve) {
  std::vector<double> losses;
  losses.reserve(curve.size());
  for (const PairLoss& entry : curve) losses.push_back(entry.loss);
  return losses;
}

}  // namespace

void check_prompt(const Subject& subject) {
  if (subject.tokens.kind != TokenKind::raw) {
    constexpr std::string_view kRaw[] = {"raw"};
    throw needs("tokens", kRaw, kTokenKindNames[std::size_t(subject.tokens.kind)],
                help("expected a model on raw tokens, in whose input others can stand"));
  }
  require_positions(subject, kPromptPrefix + kPromptPairs);
}

Record analyze_prompt(const Subject& subject, const Effort& effort) {
  TaskConfig with_eos = few_shot_task(subject.task, 1);
  with_eos.end_of_sequence = true;
  TaskConfig with_prefix = with_eos;
  with_prefix.prefix_length = kPromptPrefix;
  const int updates = effort.updates > 0 ? effort.updates : kDefaultUpdates;
  const int sequences = std::min(effort.sequences, kMostFewShotSequences);
  const Predictor model = model_predictor(subject.model, subject.tokens, subject.parameters);
  const auto curve = [&](const TaskConfig& task, std::span<const float> prompt) {
    const DrawnSequences held_out(task, subject.seed, RandomPurpose::held_out, sequences);
    return losses_of(few_shot_curve(task, held_out, with_prompt(task, prompt, model), effort.threads));
  };

  const auto d = std::size_t(subject.task.observation_size);
  const std::vector<float> zero_eos(d);
  const TunedPrompt eos = tune_prompt(subject, with_eos, zero_eos, {kEndOfSequenceRate, updates},
                                      effort.threads, [&](double share) { effort.progress(share / 2); });
  std::vector<float> start(d * (1 + kPromptPrefix));
  std::ranges::copy(eos.prompt, start.begin());
  const TunedPrompt prefix = tune_prompt(subject, with_prefix, start, {kPrefixRate, updates}, effort.threads,
                                         [&](double share) { effort.progress((1 + share) / 2); });
  const auto tokens = [&](const TunedPrompt& tuned, std::size_t first, std::size_t count) {
    RowMatrix matrix = RowMatrix::Zero(Eigen::Index(count), Eigen::Index(d));
    std::copy_n(tuned.prompt.begin() + std::ptrdiff_t(first * d), count * d, matrix.data());
    return matrix;
  };
  return {{"sequences", double(sequences)},
          {"updates", double(updates)},
          {"no_eos", curve(few_shot_task(subject.task, 1), {})},
          {"eos", Record{{"learning_rate", kEndOfSequenceRate},
                         {"token", tokens(eos, 0, 1)},
                         {"training_loss", eos.losses},
                         {"before", curve(with_eos, zero_eos)},
                         {"after", curve(with_eos, eos.prompt)}}},
          {"eos_and_prefix", Record{{"learning_rate", kPrefixRate},
                                    {"token", tokens(prefix, 0, 1)},
                                    {"prefix", tokens(prefix, 1, kPromptPrefix)},
                                    {"training_loss", prefix.losses},
                                    {"before", curve(with_prefix, start)},
                                    {"after", curve(with_prefix, prefix.prompt)}}}};
}

template void place_prompt(std::span<const RegressionPosition>, const MatrixView<const float>&,
                           const MatrixView<float>&);
template void place_prompt(std::span<const RegressionPosition>, const MatrixView<const double>&,
                           const MatrixView<double>&);
template class PromptPass<float>;
template class PromptPass<double>;

}  // namespace mesa
