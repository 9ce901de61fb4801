#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

#include "core/matrix_view.h"

namespace mesa {

/// Hands out matrices from one block of memory, one after the other. Without a block it only counts, so the
/// code that lays out buffers also tells how much memory they take. A copy continues from the same place, so
/// that buffers never in use together can share memory; see share().
template <class Scalar>
class Arena {
 public:
  Arena() = default;
  explicit Arena(Scalar* block) : block_(block) {}

  /// Room for `count` numbers, aligned to a cache line if the block is.
  Scalar* numbers(double count) {
    constexpr double kInCacheLine = 64.0 / sizeof(Scalar);
    Scalar* const first = block_ ? block_ + std::ptrdiff_t(used_) : nullptr;
    used_ += std::ceil(count / kInCacheLine) * kInCacheLine;
    return first;
  }
  MatrixView<Scalar> matrix(int rows, int columns) {
    return {numbers(double(rows) * columns), rows, columns};
  }
  /// Marks what a copy of this arena has handed out as used.
  void share(const Arena& copy) { used_ = used_ > copy.used_ ? used_ : copy.used_; }

  /// Numbers handed out so far. It is a double because their size may exceed 32 bits.
  [[nodiscard]] double used() const { return used_; }

 private:
  Scalar* block_ = nullptr;
  double used_ = 0;
};

/// A block of memory for an arena, initially zero.
template <class Scalar>
class ArenaBlock {
 public:
  explicit ArenaBlock(double numbers) : lines_(std::size_t(numbers) / kInCacheLine + 1) {}
  [[nodiscard]] Arena<Scalar> arena() { return Arena<Scalar>(lines_[0].numbers); }

 private:
  static constexpr std::size_t kInCacheLine = 64 / sizeof(Scalar);
  struct alignas(64) CacheLine {
    Scalar numbers[kInCacheLine];
  };
  std::vector<CacheLine> lines_;
};

}  // namespace mesa
