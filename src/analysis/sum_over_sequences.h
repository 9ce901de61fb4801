#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/parallel.h"
#include "reference/predictor.h"

namespace mesa {

/// Sums what add(worker, sequence, sum) adds for the sequences 0 .. count - 1, starting from `zero`. It sums
/// them in groups, and the groups in order, so that the result does not depend on `threads`.
inline RowMatrix sum_over_sequences(
    int count, int threads, const RowMatrix& zero,
    const std::function<void(int worker, int sequence, RowMatrix& sum)>& add) {
  constexpr int kGroups = 64;
  const auto first_of = [&](int group) { return int(std::int64_t(group) * count / kGroups); };
  std::vector<RowMatrix> sums(kGroups, zero);
  for_each_item(kGroups, threads, [&](int worker, int group) {
    for (int i = first_of(group); i < first_of(group + 1); ++i) add(worker, i, sums[std::size_t(group)]);
  });
  RowMatrix total = zero;
  for (const RowMatrix& sum : sums) total += sum;
  return total;
}

}  // namespace mesa
