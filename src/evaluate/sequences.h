#pragma once

#include <vector>

#include "core/random.h"
#include "data/task.h"
#include "reference/predictor.h"

namespace mesa {

/// Draws `count` sequences of the task, each [T + 1, d], the same ones for the same seed and purpose.
std::vector<RowMatrix> draw_sequences(const TaskConfig& task, std::uint64_t seed, RandomPurpose purpose,
                                      int count);

/// The bytes that DrawnSequences takes.
double kept_bytes(const TaskConfig& task, int count);

/// The sequences of draw_sequences() in limited memory: the first ones are kept, the others are drawn again
/// whenever they are read.
class DrawnSequences {
 public:
  DrawnSequences(const TaskConfig& task, std::uint64_t seed, RandomPurpose purpose, int count);

  /// The same with nothing drawn yet; draw() draws them one by one.
  static DrawnSequences undrawn(const TaskConfig& task, std::uint64_t seed, RandomPurpose purpose, int count);

  /// Draws a sequence, if it is one that is kept and not drawn yet.
  void draw(int sequence);
  void draw_all();
  [[nodiscard]] int size() const { return count_; }
  [[nodiscard]] int positions() const { return task_.sequence_length; }
  /// [T + 1, d]; may be called from any thread.
  [[nodiscard]] RowMatrix operator[](int sequence) const;

 private:
  struct Undrawn {};
  DrawnSequences(const TaskConfig& task, std::uint64_t seed, RandomPurpose purpose, int count, Undrawn);

  TaskConfig task_;
  std::uint64_t seed_;
  RandomPurpose purpose_;
  int count_;
  std::vector<float> kept_;     ///< [kept sequences, T + 1, d]
  std::vector<char> is_drawn_;  ///< [kept sequences]
};

}  // namespace mesa
