#pragma once

#include <vector>

#include "analysis/record.h"
#include "analysis/subject.h"
#include "evaluate/few_shot.h"
#include "evaluate/sequences.h"

namespace mesa {

/// Sequences are long, so more of them would take too long in a tab and show no more.
inline constexpr int kMostFewShotSequences = 256;

/// Few-shot sequences as long and wide as those that a model was trained on: y_i = W x_i without noise, with
/// a new W for each of `tasks` successive tasks.
TaskConfig few_shot_task(const TaskConfig& trained, int tasks);

/// A predictor's curve on few-shot sequences of `task`. threads >= 1; the result does not depend on it.
std::vector<PairLoss> few_shot_curve(const TaskConfig& task, const DrawnSequences& sequences,
                                     const Predictor& predict, int threads = 1);

/// The loss of exact least squares on n true pairs, without noise: (d/6) (1 - n/d), and 0 from n = d on.
double exact_few_shot_loss(int observation_size, int pairs_seen);

/// The ridges of least squares on the token stream, which uses every consecutive pair of tokens, although
/// half of them, (y_i, x_{i+1}), are unrelated.
struct StreamRidges {
  double trained_task;  ///< gives the least mean loss on sequences of the trained task
  double few_shot;      ///< gives the least mean loss on the pairs of few-shot sequences
};

StreamRidges tune_stream_ridges(const Subject& subject, int threads = 1);

struct FewShotCurve {
  const char* name;
  std::vector<PairLoss> losses;
};

/// The losses on the same few-shot sequences of the model, of least squares on the token stream with either
/// ridge and on the true pairs, and the expectation of the last. For `ridges` see tune_stream_ridges().
std::vector<FewShotCurve> compare_few_shot(const Subject& subject, int tasks, const StreamRidges& ridges,
                                           int sequences, int threads = 1);

/// Paper, section on in-context learning as a by-product of autoregressive training: without any change of
/// the weights the error first rises, then falls from pair to pair. Returns sequences: those asked for, at
/// most kMostFewShotSequences; ridge: of least squares on the token stream; one_task, two_tasks: for each
/// loss its task and the pairs of it seen before, and the losses of every curve.
Record analyze_few_shot(const Subject& subject, const Effort& effort);

}  // namespace mesa
