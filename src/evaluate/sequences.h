#pragma once

#include <vector>

#include "core/random.h"
#include "data/task.h"
#include "reference/predictor.h"

namespace mesa {

/// `count` sequences of the task, each [T + 1, d], the same for the same seed and purpose.
std::vector<RowMatrix> draw_sequences(const TaskConfig& task, std::uint64_t seed, RandomPurpose purpose,
                                      int count);

/// The sequences of draw_sequences() without the memory that many of them take: the first ones are kept, the
/// others drawn again whenever they are read.
class DrawnSequences {
 public:
  DrawnSequences(const TaskConfig& task, std::uint64_t seed, RandomPurpose purpose, int count);

  [[nodiscard]] int size() const { return count_; }
  /// [T + 1, d]; from any thread.
  [[nodiscard]] RowMatrix operator[](int sequence) const;

 private:
  TaskConfig task_;
  std::uint64_t seed_;
  RandomPurpose purpose_;
  int count_;
  std::vector<float> kept_;  ///< [kept sequences, T + 1, d]
};

}  // namespace mesa
