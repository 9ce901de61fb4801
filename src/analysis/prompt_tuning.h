#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "analysis/record.h"
#include "analysis/subject.h"
#include "data/regression.h"
#include "model/workspace.h"
#include "reference/predictor.h"

namespace mesa {

/// Positions of the prefix that analyze_prompt() tunes, and of what follows it at least: a pair, its EOS and
/// the next x.
inline constexpr int kPromptPrefix = 20;
inline constexpr int kPromptPairs = 4;

/// A prompt [1 + P, d] is what a frozen model reads in a few-shot sequence besides the pairs: row 0 is the
/// end-of-sequence token (EOS), which follows each pair, the rows after it are the prefix of P tokens. It
/// stands at the model's raw input, where the states do, as in the paper's public code: tuned vectors in the
/// embedding [D] could do more, but what they do could not be said with tokens.

/// Fills the rows of EOS and prefix of a few-shot sequence [T or more, d] of that layout, one task long.
template <class Scalar>
void place_prompt(std::span<const RegressionPosition> layout, const MatrixView<const Scalar>& prompt,
                  const MatrixView<Scalar>& sequence);

/// Takes the loss of a frozen model on few-shot sequences and its gradient with respect to the prompt: what
/// one thread needs.
template <class Scalar>
class PromptPass {
 public:
  /// The model reads raw tokens. task: `regression`, one task long, with EOS; its prefix is the prompt's.
  PromptPass(const ModelConfig& model, std::span<const Scalar> parameters, const TaskConfig& task,
             std::uint64_t seed);

  /// `count` sequences from `first` on of the batch of an update: adds to gradient [1 + P, d] that of the
  /// loss times the batch's pairs, and returns it: the squared error / 2 of the predictions of y_i at the
  /// rows of x_i, which alone count. count <= kTileSequences.
  double add_tile(int update, int first, int count, const MatrixView<const Scalar>& prompt,
                  const MatrixView<Scalar>& gradient);

  [[nodiscard]] int pairs() const { return pairs_; }  ///< of a sequence that are predicted

 private:
  TaskConfig task_;
  std::uint64_t seed_;
  std::vector<RegressionPosition> layout_;
  int pairs_ = 0;
  CompiledModel model_;
  std::vector<Scalar> parameters_;
  std::vector<float> states_;  ///< [N, T + 1, d]
  Workspace<Scalar> workspace_;
  std::vector<Scalar> parameter_gradient_;  ///< which is not used
  std::vector<Scalar> row_gradient_;        ///< [1 + P, D] of the residual stream, summed over the rows
};

/// How a prompt is tuned: Adam on fresh sequences.
struct PromptTuning {
  double learning_rate;
  int updates;
};

struct TunedPrompt {
  std::vector<float> prompt;   ///< [1 + P, d]
  std::vector<double> losses;  ///< of each update's batch, before it
};

/// From `prompt` on. progress gets the share of the updates done. threads >= 1; the result does not depend on
/// it.
TunedPrompt tune_prompt(const Subject& subject, const TaskConfig& task, std::vector<float> prompt,
                        const PromptTuning& tuning, int threads,
                        const std::function<void(double share)>& progress);

/// The predictor on sequences of `task` in which the prompt [1 + P, d] stands.
Predictor with_prompt(const TaskConfig& task, std::span<const float> prompt, Predictor predict);

/// Paper, section on few-shot learning with tuned tokens, with its public code's rates: an EOS token is
/// tuned, then it and a prefix of 20 tokens. Both start as zeros, the placeholders of the task (the public
/// code starts from N(0, 1), whence it takes thousands of updates to better places). sequences: for the
/// curves, as in analyze_few_shot(); updates: of each tuning; no_eos: the curve without; eos and
/// eos_and_prefix: what was tuned, the loss of each batch on the way, and the curves before and after. Throws
/// Error unless the model reads raw tokens and there is room for a pair after the prefix.
Record analyze_prompt(const Subject& subject, const Effort& effort);
void check_prompt(const Subject& subject);

}  // namespace mesa
