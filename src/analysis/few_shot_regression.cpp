#include "analysis/few_shot_regression.h"

#include <algorithm>

#include "evaluate/model_predictor.h"
#include "reference/least_squares.h"
#include "reference/line_search.h"

namespace mesa {
namespace {

/// The ridge with the least loss(predictor), searched for coarsely since the loss is flat around it.
template <class Loss>
double best_ridge(const Loss& loss) {
  return minimise_over_scale([&](double ridge) { return loss(least_squares(ridge, ContextPairs::all)); },
                             1e-6, 1e2, 0.3);
}

Record curves_record(const std::vector<FewShotCurve>& compared) {
  std::vector<double> tasks;
  std::vector<double> pairs;
  for (const PairLoss& entry : compared.front().losses) {
    tasks.push_back(entry.task);
    pairs.push_back(entry.pair);
  }
  Record curves{};
  for (const FewShotCurve& curve : compared) {
    std::vector<double> losses;
    for (const PairLoss& entry : curve.losses) losses.push_back(entry.loss);
    curves.fields.emplace_back(curve.name, losses);
  }
  return {{"task", tasks}, {"pair", pairs}, {"curves", curves}};
}

}  // namespace

TaskConfig few_shot_task(const TaskConfig& trained, int tasks) {
  TaskConfig task = paper_task(TaskKind::regression);
  task.observation_size = trained.observation_size;
  task.sequence_length = trained.sequence_length;
  task.regression_tasks = tasks;
  return task;
}

std::vector<PairLoss> few_shot_curve(const TaskConfig& task, const DrawnSequences& sequences,
                                     const Predictor& predict, int threads) {
  return few_shot_losses(task, in_context_loss(sequences, predict, threads));
}

double exact_few_shot_loss(int observation_size, int pairs_seen) {
  return std::max(0, observation_size - pairs_seen) / 6.0;
}

StreamRidges tune_stream_ridges(const Subject& subject, int threads) {
  constexpr int kSequences = 32;
  const DrawnSequences trained(subject.task, subject.seed, RandomPurpose::tuning, kSequences);
  const TaskConfig task = few_shot_task(subject.task, 1);
  const DrawnSequences few_shot(task, subject.seed, RandomPurpose::tuning, kSequences);
  return {
      best_ridge([&](const Predictor& predict) { return in_context_loss(trained, predict, threads).mean; }),
      best_ridge([&](const Predictor& predict) {
        double sum = 0;
        for (const PairLoss& entry : few_shot_curve(task, few_shot, predict, threads)) sum += entry.loss;
        return sum;
      })};
}

std::vector<FewShotCurve> compare_few_shot(const Subject& subject, int tasks, const StreamRidges& ridges,
                                           int sequences, int threads) {
  constexpr double kHardlyAny = 1e-6;  // true pairs have no noise
  const TaskConfig task = few_shot_task(subject.task, tasks);
  const DrawnSequences held_out(task, subject.seed, RandomPurpose::held_out, sequences);
  std::vector<FewShotCurve> curves;
  const auto add = [&](const char* name, const Predictor& predict) {
    curves.push_back({name, few_shot_curve(task, held_out, predict, threads)});
  };
  add("model", model_predictor(subject.model, subject.tokens, subject.parameters));
  add("least_squares", least_squares(ridges.few_shot, ContextPairs::all));
  add("least_squares_trained_ridge", least_squares(ridges.trained_task, ContextPairs::all));
  add("least_squares_true_pairs", few_shot_least_squares(task, kHardlyAny));
  std::vector<PairLoss> exact = curves.front().losses;
  for (PairLoss& entry : exact) entry.loss = exact_few_shot_loss(task.observation_size, entry.pair);
  curves.push_back({"exact_true_pairs", std::move(exact)});
  return curves;
}

Record analyze_few_shot(const Subject& subject, const Effort& effort) {
  const int sequences = std::min(effort.sequences, kMostFewShotSequences);
  const StreamRidges ridges = tune_stream_ridges(subject, effort.threads);
  effort.progress(0.2);
  const std::vector<FewShotCurve> one = compare_few_shot(subject, 1, ridges, sequences, effort.threads);
  effort.progress(0.6);
  const std::vector<FewShotCurve> two = compare_few_shot(subject, 2, ridges, sequences, effort.threads);
  effort.progress(1);
  return {{"sequences", double(sequences)},
          {"ridge",
           Record{{"least_squares", ridges.few_shot}, {"least_squares_trained_ridge", ridges.trained_task}}},
          {"one_task", curves_record(one)},
          {"two_tasks", curves_record(two)}};
}

}  // namespace mesa
