#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "core/parallel.h"
#include "train/batch_partition.h"

namespace mesa {

/// What a step needs to know of a part of its batch: sums over sequences and positions.
struct BatchSum {
  double squared_error = 0;
  double squared_labels = 0;    ///< the squared error of predicting zero
  std::vector<float> gradient;  ///< of what the passes run on, see Trainer::gradient_size()
};

/// The sums of a step's groups while they are made: who works on which group, and the tree in which they are
/// added. Siblings are added as soon as both are there, so that few sums are kept, which are used again and
/// stay in the cache. Threads may share one.
class BatchSums {
 public:
  using Sum = std::unique_ptr<BatchSum>;

  BatchSums(const BatchPartition& partition, std::size_t gradient_size);

  /// Forgets all sums, for another step.
  void clear();

  /// The groups [first, end) are wanted next; sums that are there stay.
  void want(int first, int end);
  /// Gives up those from `end` on that nobody has begun. Returns the end that holds now.
  int shorten(int end);
  [[nodiscard]] bool wants(int group) const { return group >= first_ && group < end_; }

  /// A group that is wanted and that nobody has begun: the caller's from now on, to be handed in by add() or
  /// let go by give_up(). Nothing when there is none.
  std::optional<int> claim();
  /// A sum that is zero, to work with.
  Sum zero();
  void give_up(int group, Sum sum);

  /// Hands in the sum of a node, of sequences that are the same whoever summed them: of what is there already
  /// nothing changes.
  void add(GroupNode node, Sum sum);

  /// Whether the sum of a group is there; of an empty group it always is.
  [[nodiscard]] bool has(int group) const;
  /// Whether those of all groups [first, end) are.
  [[nodiscard]] bool has_all(int first, int end) const;
  [[nodiscard]] bool has_all_wanted() const { return has_all(first_, end_); }

  /// Calls visit(GroupNode, const BatchSum&) for the sums that are there of the groups wanted last: as few as
  /// there are nodes for them, none of nodes whose groups are all empty. A node reaches beyond these groups
  /// only where sums of others were added to it.
  template <class Visit>
  void for_each_wanted(const Visit& visit) const {
    for (int group = first_; group < end_;) {
      const std::optional<GroupNode> node = node_with(group);
      if (node && slot(*node).sum) visit(within_wanted(*node), *slot(*node).sum);
      group = node ? node->first() + node->count() : group + 1;
    }
  }
  /// The sum over the batch, once all groups are there.
  [[nodiscard]] const BatchSum& total() const;

 private:
  struct Slot {
    bool is_there = false;
    Sum sum;  ///< nothing if all groups of the node are empty
  };

  [[nodiscard]] const Slot& slot(GroupNode node) const { return slots_[std::size_t(node.number())]; }
  Slot& slot(GroupNode node) { return slots_[std::size_t(node.number())]; }
  /// The node with the group's sum, as high up as there is one.
  [[nodiscard]] std::optional<GroupNode> node_with(int group) const;
  /// A node inside of the wanted groups with the same sum as this one, if there is one.
  [[nodiscard]] GroupNode within_wanted(GroupNode node) const;
  /// Puts the sum of a node in place of what is inside of it, or if the sibling's is there, takes that to be
  /// added and returns true. What `other` was before is no longer needed.
  bool put(GroupNode node, Sum& sum, Sum& other);
  /// Sums that are no longer needed are kept for zero().
  void release(Sum sum);
  /// Takes away the sums of nodes inside of this one.
  void drop_inside(GroupNode node);

  BatchPartition partition_;
  std::size_t gradient_size_;
  int first_ = 0;
  int end_ = 0;
  int next_ = 0;  ///< no wanted group before it is still to be begun
  std::array<bool, kGradientGroups> is_claimed_ = {};
  std::array<Slot, std::size_t{2}* kGradientGroups> slots_ = {};
  std::vector<Sum> unused_;
  Mutex mutex_;  ///< held by whatever threads may call at once: claim(), zero(), add()
};

}  // namespace mesa
