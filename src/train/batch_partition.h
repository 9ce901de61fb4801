#pragma once

#include <span>
#include <vector>

namespace mesa {

/// A batch is cut into this fixed number of gradient groups. Each group sums its tiles in order, and the
/// groups' sums are added in a fixed binary tree, so the result does not depend on which thread or worker
/// summed what.
inline constexpr int kGradientGroups = 16;

/// Which sequences of a batch belong to each group: whole tiles, spread as evenly as possible. A small batch
/// leaves groups empty.
class BatchPartition {
 public:
  /// B sequences of T positions.
  BatchPartition(int batch_size, int positions);

  /// The first sequence of a group; B for the group after the last.
  [[nodiscard]] int first_sequence(int group) const;
  [[nodiscard]] bool is_empty(int group) const { return are_empty(group, 1); }
  [[nodiscard]] bool are_empty(int first, int count) const {
    return first_sequence(first) == first_sequence(first + count);
  }
  /// The number of sequences in the tile that begins with `first`.
  [[nodiscard]] int tile_size(int first) const;

 private:
  int batch_size_;
  int per_tile_;
};

/// A node of the binary tree over the groups: `count` groups, a power of two, from group `first` on, a
/// multiple of count. Nodes are numbered as in a heap: the root is 1, and the children of n are 2 n and 2 n
/// + 1.
class GroupNode {
 public:
  static GroupNode root() { return GroupNode(1); }
  static GroupNode leaf(int group) { return GroupNode(kGradientGroups + group); }
  /// first and count as above.
  static GroupNode of(int first, int count) { return GroupNode((kGradientGroups + first) / count); }
  /// Whether there is such a node.
  static bool exists(int first, int count);

  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] int first() const;
  [[nodiscard]] int count() const;
  [[nodiscard]] bool is_root() const { return number_ == 1; }
  [[nodiscard]] GroupNode parent() const { return GroupNode(number_ / 2); }
  [[nodiscard]] GroupNode sibling() const { return GroupNode(number_ ^ 1); }
  [[nodiscard]] GroupNode left() const { return GroupNode(2 * number_); }
  [[nodiscard]] GroupNode right() const { return GroupNode(2 * number_ + 1); }

 private:
  explicit GroupNode(int number) : number_(number) {}

  int number_;
};

}  // namespace mesa
