#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/matrix_view.h"

namespace mesa {

/// Hands out room for matrices from one block of memory, one behind the other. Without a block it only
/// counts, so the code that lays buffers out is also what says how much memory they take. A copy goes on from
/// the same place: buffers that are never in use together can so share their memory, see share().
template <class Scalar>
class Arena {
 public:
  Arena() = default;
  explicit Arena(Scalar* block) : block_(block) {}

  /// Room for that many numbers, aligned to a cache line if the block is.
  Scalar* numbers(double count) {
    constexpr double kInCacheLine = 64 / sizeof(Scalar);
    Scalar* const first = block_ ? block_ + std::ptrdiff_t(used_) : nullptr;
    used_ += double(std::int64_t((count + kInCacheLine - 1) / kInCacheLine)) * kInCacheLine;
    return first;
  }
  MatrixView<Scalar> matrix(int rows, int columns) {
    return {numbers(double(rows) * columns), rows, columns};
  }
  /// The room that a copy of this arena has handed out is in use from now on.
  void share(const Arena& copy) { used_ = used_ > copy.used_ ? used_ : copy.used_; }

  /// Numbers handed out so far. A double, as on 32 bits a size may be too large for the memory there is.
  [[nodiscard]] double used() const { return used_; }

 private:
  Scalar* block_ = nullptr;
  double used_ = 0;
};

/// A block of memory for an arena, zeros at first.
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
