#include "evaluate/sequences.h"

#include <algorithm>

namespace mesa {
namespace {

/// Enough for everything that the page evaluates, and a quarter of what one of its modules may take.
constexpr std::size_t kMostKeptBytes = std::size_t{16} << 20;

/// Numbers in one sequence.
std::size_t sequence_size(const TaskConfig& task) {
  return (std::size_t(task.sequence_length) + 1) * std::size_t(task.observation_size);
}

/// How many of `count` sequences are kept.
std::size_t kept_sequences(const TaskConfig& task, int count) {
  return std::min(std::size_t(count), kMostKeptBytes / (sequence_size(task) * sizeof(float)));
}

void draw(const TaskConfig& task, std::uint64_t seed, RandomPurpose purpose, int sequence, float* states) {
  RandomStream random(seed, purpose, 0, std::uint32_t(sequence));
  generate_sequence(task, random, {states, task.sequence_length + 1, task.observation_size});
}

RowMatrix to_double(const TaskConfig& task, const float* states) {
  using FloatMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  return Eigen::Map<const FloatMatrix>(states, task.sequence_length + 1, task.observation_size)
      .cast<double>();
}

}  // namespace

std::vector<RowMatrix> draw_sequences(const TaskConfig& task, std::uint64_t seed, RandomPurpose purpose,
                                      int count) {
  std::vector<float> states(sequence_size(task));
  std::vector<RowMatrix> sequences;
  sequences.reserve(std::size_t(count));
  for (int sequence = 0; sequence < count; ++sequence) {
    draw(task, seed, purpose, sequence, states.data());
    sequences.push_back(to_double(task, states.data()));
  }
  return sequences;
}

double kept_bytes(const TaskConfig& task, int count) {
  return double(kept_sequences(task, count)) * (double(sequence_size(task)) * sizeof(float) + 1);
}

DrawnSequences::DrawnSequences(const TaskConfig& task, std::uint64_t seed, RandomPurpose purpose, int count,
                               Undrawn /*tag*/)
    : task_(task), seed_(seed), purpose_(purpose), count_(count) {
  const std::size_t kept = kept_sequences(task, count);
  kept_.resize(kept * sequence_size(task));
  is_drawn_.resize(kept);
}

DrawnSequences::DrawnSequences(const TaskConfig& task, std::uint64_t seed, RandomPurpose purpose, int count)
    : DrawnSequences(task, seed, purpose, count, Undrawn{}) {
  draw_all();
}

DrawnSequences DrawnSequences::undrawn(const TaskConfig& task, std::uint64_t seed, RandomPurpose purpose,
                                       int count) {
  return {task, seed, purpose, count, Undrawn{}};
}

void DrawnSequences::draw(int sequence) {
  const auto index = std::size_t(sequence);
  if (index >= is_drawn_.size() || is_drawn_[index]) return;
  mesa::draw(task_, seed_, purpose_, sequence, &kept_[index * sequence_size(task_)]);
  is_drawn_[index] = 1;
}

void DrawnSequences::draw_all() {
  for (std::size_t i = 0; i < is_drawn_.size(); ++i) draw(int(i));
}

RowMatrix DrawnSequences::operator[](int sequence) const {
  const std::size_t size = sequence_size(task_);
  const auto index = std::size_t(sequence);
  if (index < is_drawn_.size() && is_drawn_[index]) return to_double(task_, &kept_[index * size]);
  std::vector<float> states(size);
  mesa::draw(task_, seed_, purpose_, sequence, states.data());
  return to_double(task_, states.data());
}

}  // namespace mesa
