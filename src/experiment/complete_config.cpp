#include "experiment/complete_config.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <string_view>
#include <utility>

#include "core/error.h"
#include "experiment/memory.h"

namespace mesa {
namespace {

constexpr double kMemoryLimit = 512.0 * (1 << 20);  // bytes

/// Sets the sizes that follow from others.
void fill_in_sizes(Config& config) {
  config.model.positions = config.task.sequence_length;
  const int token_channels = token_width(config.tokens, config.task.observation_size);
  if (config.tokens.kind == TokenKind::raw) {
    config.model.embedded_size = token_channels;
  } else {
    config.model.width = token_channels;
  }
  config.model.output_size = config.task.observation_size;
}

/// The bytes of a run after halving the value of a field.
double bytes_with_half(Config config, const Field& field) {
  const double value = field.get(config)[0];
  field.set(config, {std::max(std::floor(value / 2), field.minimum)});
  fill_in_sizes(config);
  return memory_bytes(config);
}

/// Throws Error if the run would need more memory than a browser tab gives. It names the fields for which
/// half the value would save at least a tenth, the one that saves most first.
void check_memory(const Config& config) {
  const double bytes = memory_bytes(config);
  if (bytes <= kMemoryLimit) return;
  constexpr std::string_view kSizes[] = {"sequence_length", "observation_size", "window",  "layers", "width",
                                         "heads",           "key_size",         "mlp_size"};
  std::array<std::string_view, std::size(kSizes)> remedies;
  std::size_t count = 0;
  double least = bytes;
  for (const std::string_view key : kSizes) {
    const double left = bytes_with_half(config, find_field(key));
    if (left > 0.9 * bytes) continue;
    remedies[count] = key;
    if (left < least) std::swap(remedies[0], remedies[count]);
    least = std::min(least, left);
    ++count;
  }
  constexpr double kMegabyte = 1e6;
  throw too_large(count == 0 ? kSizes[0] : remedies[0], std::round(bytes / kMegabyte),
                  std::round(kMemoryLimit / kMegabyte), Names(remedies.data(), count));
}

/// Throws Error if a task of `regression` has no room for a single pair.
void check_regression(const TaskConfig& task) {
  if (task.kind != TaskKind::regression) return;
  const int share = (task.sequence_length + 1) / task.regression_tasks;
  constexpr int kPairRows = 2;
  if (task.prefix_length + kPairRows <= share) return;
  constexpr std::string_view kDependsOn[] = {"sequence_length", "regression_tasks"};
  throw out_of_range("prefix_length", 0, share - kPairRows, task.prefix_length, kDependsOn,
                     "expected a length that leaves room for a pair in each task");
}

}  // namespace

void complete_config(Config& config) {
  const TrainingConfig& training = config.training;
  if (training.decay_steps != 0 && training.decay_steps <= training.warmup_steps) {
    constexpr std::string_view kDependsOn[] = {"warmup_steps"};
    throw out_of_range("decay_steps", training.warmup_steps + 1.0, find_field("decay_steps").maximum,
                       training.decay_steps, kDependsOn, "expected 0 or more than warmup_steps");
  }
  check_regression(config.task);
  fill_in_sizes(config);
  check_memory(config);
}

}  // namespace mesa
