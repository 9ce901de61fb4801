#include "experiment/complete_config.h"

#include <cmath>

#include "core/error.h"
#include "core/sizes.h"
#include "nn/chunks.h"

namespace mesa {
namespace {

/// Numbers that one layer's attention keeps of a sequence for the way back (nn/attention.h), those of a mesa
/// layer for any kind.
double attention_numbers(const ModelConfig& model, AttentionKind kind, int positions) {
  const double chunk = longest_chunk(kind, positions);
  const double scores = kind == AttentionKind::softmax ? chunk * chunk : 2 * chunk * positions;
  const double states = 2.0 * (chunk_count(kind, positions) - 1) * model.key_size * model.key_size;
  return model.heads * (7.0 * positions * model.key_size + scores + states);
}

/// Throws when the run would need more memory than a browser tab gives.
void check_memory(const Config& config) {
  constexpr double kLimit = 512.0 * (1 << 20);  // bytes
  double attention = 0;
  for (int layer = 0; layer < config.model.layers; ++layer) {
    attention +=
        sizeof(float) * tile_sequences(config.task.sequence_length) *
        attention_numbers(config.model, config.model.attention_of(layer), config.task.sequence_length);
  }
  if (attention > kLimit) {
    constexpr std::string_view kRemedies[] = {"sequence_length", "layers", "heads", "key_size"};
    throw too_large("sequence_length", std::round(attention / 1e6), std::round(kLimit / 1e6), kRemedies);
  }
}

/// Throws when some task of `regression` has no room for a single pair.
void check_regression(const TaskConfig& task) {
  if (task.kind != TaskKind::regression) return;
  const int share = (task.sequence_length + 1) / task.regression_tasks;
  constexpr int kPairRows = 2;
  if (task.prefix_length + kPairRows <= share) return;
  constexpr std::string_view kDependsOn[] = {"sequence_length", "regression_tasks"};
  throw out_of_range("prefix_length", 0, share - kPairRows, task.prefix_length, kDependsOn,
                     "expected one that leaves room for a pair in each task");
}

}  // namespace

void complete_config(Config& config) {
  const TrainingConfig& training = config.training;
  if (training.decay_steps != 0 && training.decay_steps <= training.warmup_steps) {
    constexpr std::string_view kDependsOn[] = {"warmup_steps"};
    throw out_of_range("decay_steps", training.warmup_steps + 1.0, find_field("decay_steps").maximum,
                       training.decay_steps, kDependsOn, "expected 0 or more than warmup_steps");
  }
  check_memory(config);
  check_regression(config.task);
  config.model.positions = config.task.sequence_length;
  const int token_channels = token_width(config.tokens, config.task.observation_size);
  if (config.tokens.kind == TokenKind::raw) {
    config.model.embedded_size = token_channels;
  } else {
    config.model.width = token_channels;
  }
  config.model.output_size = config.task.observation_size;
}

}  // namespace mesa
