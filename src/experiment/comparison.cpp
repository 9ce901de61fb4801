#include "experiment/comparison.h"

#include <algorithm>

namespace mesa {
namespace {

/// A line search finds its minimum well enough on a quarter as many sequences as are evaluated, up to this
/// many; more would keep a browser waiting.
constexpr int kMostTuningSequences = 1024;

}  // namespace

Comparison::Comparison(Config config, int threads)
    : config_(std::move(config)),
      threads_(threads),
      held_out_(config_.task, config_.seed, RandomPurpose::held_out, config_.evaluation.sequences) {}

std::vector<RowMatrix> Comparison::tuning_sequences() const {
  const int count = std::clamp(config_.evaluation.sequences / 4, 1, kMostTuningSequences);
  return draw_sequences(config_.task, config_.seed, RandomPurpose::tuning, count);
}

const std::vector<ReferenceResult>& Comparison::references() {
  if (!references_) {
    references_ = evaluate_references(config_.task, config_.seed, tuning_sequences(), held_out_, threads_);
  }
  return *references_;
}

const ReferenceResult& Comparison::reference(std::string_view algorithm, int steps,
                                             std::optional<ContextPairs> pairs) {
  ReferenceAlgorithm chosen = reference_algorithm(algorithm, config_.task, config_.seed);
  if (pairs) chosen.pairs = *pairs;
  const std::tuple key(std::string(algorithm), steps, chosen.pairs);
  const auto known = other_references_.find(key);
  if (known != other_references_.end()) return known->second;
  return other_references_
      .emplace(key, evaluate_reference(chosen, steps, tuning_sequences(), held_out_, threads_))
      .first->second;
}

}  // namespace mesa
