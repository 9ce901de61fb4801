#include "train/batch_sums.h"

#include <algorithm>
#include <cassert>
#include <mutex>
#include <utility>

#include "core/vector_arithmetic.h"

namespace mesa {
namespace {

void add_to(BatchSum& sum, const BatchSum& other) {
  for (std::size_t i = 0; i < sum.totals.size(); ++i) sum.totals[i] += other.totals[i];
  combine(1.F, sum.gradient.data(), 1.F, other.gradient.data(), sum.gradient.data(),
          int(sum.gradient.size()));
}

}  // namespace

BatchSums::BatchSums(const BatchPartition& partition, std::size_t totals, std::size_t gradient_size)
    : partition_(partition), totals_(totals), gradient_size_(gradient_size) {
  clear();
}

void BatchSums::clear() {
  give_up_begun(true);
  for (Slot& each : slots_) {
    each.is_there = false;
    release(std::move(each.sum));
  }
  is_claimed_ = {};
  first_ = end_ = next_ = 0;
  for (int group = 0; group < kGradientGroups; ++group) {
    if (partition_.is_empty(group)) add(GroupNode::leaf(group), nullptr);
  }
}

void BatchSums::want(int first, int end) {
  assert(0 <= first && first <= end && end <= kGradientGroups);
  first_ = next_ = first;
  end_ = end;
}

int BatchSums::shorten(int end) {
  const auto begun = std::find(is_claimed_.rbegin(), is_claimed_.rend(), true);
  const int after_begun = int(is_claimed_.rend() - begun);
  end_ = std::min(end_, std::max({end, first_, next_, after_begun}));
  return end_;
}

std::optional<int> BatchSums::claim() {
  const std::lock_guard lock(mutex_);
  while (next_ < end_ && (is_claimed_[std::size_t(next_)] || has(next_))) ++next_;
  if (next_ == end_) return {};
  is_claimed_[std::size_t(next_)] = true;
  return next_++;
}

bool BatchSums::continue_until(const Deadline& deadline, ThreadPool& threads, const AddTile& add_tile) {
  give_up_begun(false);
  begun_.resize(std::size_t(threads.threads()));
  threads.for_each_item(threads.threads(),
                        [&](int /*worker*/, int item) { sum_groups(item, deadline, add_tile); });
  return has_all(first_, end_);
}

const BatchSum& BatchSums::sum_batch(ThreadPool& threads, const AddTile& add_tile) {
  clear();
  want(0, kGradientGroups);
  continue_until(Deadline::never(), threads, add_tile);
  return total();
}

void BatchSums::sum_groups(int worker, const Deadline& deadline, const AddTile& add_tile) {
  BegunGroup& begun = begun_[std::size_t(worker)];
  do {
    if (!begun.sum) {
      const std::optional<int> group = claim();
      if (!group) return;
      begun = {*group, partition_.first_sequence(*group), zero()};
    }
    const int count = partition_.tile_size(begun.next);
    add_tile(worker, begun.next, count, *begun.sum);
    begun.next += count;
    if (begun.next == partition_.first_sequence(begun.group + 1)) {
      add(GroupNode::leaf(begun.group), std::move(begun.sum));
    }
  } while (!deadline.has_passed());
  // The analyzer does not see that begun_ owns the sum.
}  // NOLINT(clang-analyzer-cplusplus.NewDeleteLeaks)

void BatchSums::give_up_begun(bool all) {
  for (BegunGroup& begun : begun_) {
    if (!begun.sum) continue;
    const bool is_wanted = begun.group >= first_ && begun.group < end_ && !has(begun.group);
    if (!all && is_wanted) continue;
    is_claimed_[std::size_t(begun.group)] = false;
    release(std::move(begun.sum));
  }
}

BatchSums::Sum BatchSums::zero() {
  Sum sum;
  {
    const std::lock_guard lock(mutex_);
    if (!unused_.empty()) {
      sum = std::move(unused_.back());
      unused_.pop_back();
    }
  }
  if (!sum) {
    return std::make_unique<BatchSum>(
        BatchSum{std::vector<double>(totals_), std::vector<float>(gradient_size_)});
  }
  std::fill(sum->totals.begin(), sum->totals.end(), 0.0);
  std::fill(sum->gradient.begin(), sum->gradient.end(), 0.F);
  return sum;
}

void BatchSums::add(GroupNode node, Sum sum) {
  {
    const std::lock_guard lock(mutex_);
    if (node.count() == 1) is_claimed_[std::size_t(node.first())] = false;
    if (has_all(node.first(), node.first() + node.count())) return release(std::move(sum));
  }
  // Other threads may go on while two sums are added: none has to do with their nodes, and both count as
  // there.
  for (Sum other; put(node, sum, other); node = node.parent()) {
    if (!sum) std::swap(sum, other);
    if (other) add_to(*sum, *other);
  }
}

void BatchSums::add(GroupNode node, std::span<const double> totals, std::span<const float> gradient) {
  assert(totals.size() == totals_ && gradient.size() == gradient_size_);
  Sum sum = zero();
  std::ranges::copy(totals, sum->totals.begin());
  std::ranges::copy(gradient, sum->gradient.begin());
  add(node, std::move(sum));
}

bool BatchSums::put(GroupNode node, Sum& sum, Sum& other) {
  const std::lock_guard lock(mutex_);
  release(std::move(other));
  drop_inside(node);
  slot(node).is_there = true;
  if (node.is_root() || !slot(node.sibling()).is_there) {
    slot(node).sum = std::move(sum);
    return false;
  }
  other = std::move(slot(node.sibling()).sum);
  return true;
}

bool BatchSums::has_all(int first, int end) const {
  for (int group = first; group < end; ++group) {
    if (!has(group)) return false;
  }
  return true;
}

std::optional<GroupNode> BatchSums::node_with(int group) const {
  for (GroupNode node = GroupNode::leaf(group);; node = node.parent()) {
    if (slot(node).is_there) return node;
    if (node.is_root()) return {};
  }
}

GroupNode BatchSums::within_wanted(GroupNode node) const {
  const auto is_empty = [&](GroupNode child) { return partition_.are_empty(child.first(), child.count()); };
  GroupNode inside = node;
  while (inside.first() < first_ || inside.first() + inside.count() > end_) {
    const bool left = inside.count() > 1 && is_empty(inside.right());
    if (inside.count() == 1 || (!left && !is_empty(inside.left()))) return node;
    inside = left ? inside.left() : inside.right();
  }
  return inside;
}

const BatchSum& BatchSums::total() const {
  assert(slot(GroupNode::root()).is_there);
  return *slot(GroupNode::root()).sum;
}

void BatchSums::release(Sum sum) {
  if (sum) unused_.push_back(std::move(sum));
}

void BatchSums::drop_inside(GroupNode node) {
  for (int group = node.first(); group < node.first() + node.count(); ++group) {
    if (const std::optional<GroupNode> inside = node_with(group)) {
      slot(*inside).is_there = false;
      release(std::move(slot(*inside).sum));
    }
  }
}

}  // namespace mesa
