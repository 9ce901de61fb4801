#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/deadline.h"
#include "core/parallel.h"
#include "train/batch_partition.h"

namespace mesa {

/// Sums over some sequences of a batch.
struct BatchSum {
  std::vector<double> totals;  ///< losses and the like; which ones is up to AddTile
  std::vector<float> gradient;
};

/// The sums of a batch's groups while they are computed, and the tree in which they are added: the one way to
/// sum gradients over sequences, by threads here and by workers elsewhere. Siblings are added as soon as both
/// are there, so only few sums are kept, which are reused and stay in the cache.
class BatchSums {
 public:
  using Sum = std::unique_ptr<BatchSum>;
  /// Adds a tile of `count` sequences from `first` on; `worker` tells the threads apart.
  using AddTile = std::function<void(int worker, int first, int count, BatchSum& sum)>;

  /// totals: how many numbers a sum has of them.
  BatchSums(const BatchPartition& partition, std::size_t totals, std::size_t gradient_size);

  /// Forgets all sums, for another batch.
  void clear();

  /// Sets the groups [first, end) that are wanted next. Sums that are there stay.
  void want(int first, int end);
  /// Gives up those from `end` on that no thread has begun. Returns the end that holds now.
  int shorten(int end);
  /// Goes on until all that are wanted are there or the deadline has passed, but for a tile at least. Returns
  /// whether they are there.
  bool continue_until(const Deadline& deadline, ThreadPool& threads, const AddTile& add_tile);
  /// Sums a whole new batch.
  const BatchSum& sum_batch(ThreadPool& threads, const AddTile& add_tile);

  /// A sum of zeros, to be filled and handed to add().
  Sum zero();
  /// Adds the sum of a node. A sum that is there already is left as it is: the other is the same.
  void add(GroupNode node, Sum sum);
  void add(GroupNode node, std::span<const double> totals, std::span<const float> gradient);

  /// Whether the sum of a group is there. That of an empty group always is.
  [[nodiscard]] bool has(int group) const { return node_with(group).has_value(); }
  /// Whether the sums of all groups [first, end) are there.
  [[nodiscard]] bool has_all(int first, int end) const;

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

  /// Numbers of a sum's gradient.
  [[nodiscard]] std::size_t gradient_size() const { return gradient_size_; }

 private:
  struct Slot {
    bool is_there = false;
    Sum sum;  ///< nothing if all groups of the node are empty
  };
  /// A group that a thread has begun to sum.
  struct BegunGroup {
    int group = 0;
    int next = 0;  ///< sequence
    Sum sum;       ///< nothing if no group is begun
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
  /// Works on groups that no other thread has begun, tile by tile.
  void sum_groups(int worker, const Deadline& deadline, const AddTile& add_tile);
  /// A wanted group that is not begun, for the caller to sum. Nothing when there is none.
  std::optional<int> claim();
  /// Lets go of begun groups: of all, or of those whose sums are not wanted any more.
  void give_up_begun(bool all);

  BatchPartition partition_;
  std::size_t totals_;
  std::size_t gradient_size_;
  int first_ = 0;
  int end_ = 0;
  int next_ = 0;  ///< no wanted group before it is still to be begun
  std::array<bool, kGradientGroups> is_claimed_ = {};
  std::array<Slot, std::size_t{2}* kGradientGroups> slots_ = {};
  std::vector<BegunGroup> begun_;  ///< of each thread
  std::vector<Sum> unused_;
  Mutex mutex_;  ///< held by what several threads may call at once: claim(), zero(), add()
};

}  // namespace mesa
