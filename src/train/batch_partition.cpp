#include "train/batch_partition.h"

#include <algorithm>

#include "core/sizes.h"

namespace mesa {

BatchPartition::BatchPartition(int batch_size, int positions)
    : batch_size_(batch_size), per_tile_(tile_sequences(positions)) {}

int BatchPartition::first_sequence(int group) const {
  const int tiles = (batch_size_ + per_tile_ - 1) / per_tile_;
  return std::min(group * tiles / kGradientGroups * per_tile_, batch_size_);
}

int BatchPartition::tile_size(int first) const { return std::min(per_tile_, batch_size_ - first); }

bool GroupNode::exists(int first, int count) {
  const bool is_power = count > 0 && (count & (count - 1)) == 0;
  return is_power && first >= 0 && first % count == 0 && first <= kGradientGroups - count;
}

int GroupNode::first() const { return number_ * count() - kGradientGroups; }

int GroupNode::count() const {
  int count = kGradientGroups;
  for (int number = number_; number > 1; number /= 2) count /= 2;
  return count;
}

}  // namespace mesa
