#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace mesa {

/// What random numbers are drawn for. It is part of the counter, so that no two uses share a number. `task`
/// is for what all sequences of a run share, at step 0 and sequence 0; `direction` is for the random
/// directions of an analysis.
enum class RandomPurpose : std::uint32_t {
  initialisation,
  training,
  held_out,
  tuning,
  task,
  direction,
  prompt_tuning,
  distillation
};

/// Ten rounds of Philox4x32 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011): a
/// bijection of the 128-bit counter that depends on the key.
std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key);

/// The random numbers of one sequence, independent of machine, thread and order of drawing.
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, RandomPurpose purpose, std::uint32_t step, std::uint32_t sequence);

  [[nodiscard]] std::uint64_t seed() const { return std::uint64_t{key_[1]} << 32 | key_[0]; }

  /// Fills with independent draws from U(low, high).
  void fill_uniform(std::span<float> values, float low, float high);

  /// Fills with independent draws from N(0, standard_deviation^2), none beyond 6.8 standard deviations.
  void fill_normal(std::span<float> values, float standard_deviation);

 private:
  std::array<std::uint32_t, 4> next_block();

  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> counter_;
};

}  // namespace mesa
