#pragma once

#include <vector>

#include "analysis/record.h"
#include "analysis/subject.h"
#include "evaluate/few_shot.h"
#include "evaluate/sequences.h"

namespace mesa {

/// Sequences are long: more of them would take longer than anybody waits in a tab, and show no more.
inline constexpr int kMostFewShotSequences = 256;

/// Few-shot sequences as long and wide as those that a model was trained on: y_i = W x_i without noise, a new
/// W for each of `tasks` tasks in a row.
TaskConfig few_shot_task(const TaskConfig& trained, int tasks);

/// A predictor's curve on few-shot sequences of `task`. threads >= 1; the result does not depend on it.
std::vector<PairLoss> few_shot_curve(const TaskConfig& task, const DrawnSequences& sequences,
                                     const Predictor& predict, int threads = 1);

/// The loss of exact least squares on n true pairs, without noise: (d/6) (1 - n/d), and 0 from n = d on.
double exact_few_shot_loss(int observation_size, int pairs_seen);

/// The ridges of least squares on the token stream, that is on every consecutive pair of tokens, half of
/// which, (y_i, x_{i+1}), mean nothing.
struct StreamRidges {
  double trained_task;  ///< least mean loss on the sequences that the model was trained for
  double few_shot;      ///< least mean loss on the pairs of few-shot sequences
};

StreamRidges tune_stream_ridges(const Subject& subject, int threads = 1);

struct FewShotCurve {
  const char* name;
  std::vector<PairLoss> losses;
};

/// On the same few-shot sequences the model, least squares on the token stream with either ridge, that on the
/// true pairs, and what the latter is expected to be. `ridges` are those of tune_stream_ridges().
std::vector<FewShotCurve> compare_few_shot(const Subject& subject, int tasks, const StreamRidges& ridges,
                                           int sequences, int threads = 1);

/// Paper, section on in-context learning as a by-product of autoregressive training: no weight changes, yet
/// the error falls from pair to pair, after it has first risen. sequences: as many as were asked for, but at
/// most kMostFewShotSequences; ridge: of least squares on the token stream; one_task, two_tasks: pairs of the
/// task seen before each loss and which task, and the loss of every curve.
Record analyze_few_shot(const Subject& subject, const Effort& effort);

}  // namespace mesa
