#include "train/batch_sums.h"

#include <catch2/catch.hpp>
#include <random>

namespace mesa {
namespace {

constexpr int kBatch = 64;
constexpr int kPositions = 10;
constexpr int kInGroup = kBatch / kGradientGroups;
constexpr std::size_t kNumbers = 3;

/// Numbers whose sum depends on the order in which they are added.
float number_of(int group) { return 1.0F / float(3 + 7 * group); }

BatchSums empty_sums(int batch = kBatch) { return {BatchPartition(batch, kPositions), 1, kNumbers}; }

void fill(BatchSum& sum, int group) {
  sum.totals[0] = group;
  for (float& number : sum.gradient) number = number_of(group);
}

BatchSums::Sum sum_of(BatchSums& sums, int group) {
  BatchSums::Sum sum = sums.zero();
  fill(*sum, group);
  return sum;
}

/// Computes all wanted sums, or one tile of them.
void continue_sums(BatchSums& sums, const Deadline& deadline) {
  ThreadPool one(1);
  sums.continue_until(deadline, one, [](int /*worker*/, int first, int /*count*/, BatchSum& sum) {
    fill(sum, first / kInGroup);
  });
}

struct Node {
  GroupNode node;
  float number;
};

std::vector<Node> wanted_sums(const BatchSums& sums) {
  std::vector<Node> nodes;
  sums.for_each_wanted([&](GroupNode node, const BatchSum& sum) {
    nodes.push_back({node, sum.gradient[0]});
  });
  return nodes;
}

/// The tree, as a recursion.
float expected_sum(int first, int count) {
  if (count == 1) return number_of(first);
  return expected_sum(first, count / 2) + expected_sum(first + count / 2, count / 2);
}

}  // namespace

TEST_CASE("a batch is cut into whole tiles in order, and the last groups have the rest", "[train]") {
  for (const int positions : {10, 200}) {  // tiles of two sequences, and of one
    for (int batch = 1; batch < 100; ++batch) {
      const BatchPartition partition(batch, positions);
      CHECK(partition.first_sequence(0) == 0);
      CHECK(partition.first_sequence(kGradientGroups) == batch);
      for (int group = 0; group < kGradientGroups; ++group) {
        int next = partition.first_sequence(group);
        CHECK(partition.is_empty(group) == (next == partition.first_sequence(group + 1)));
        while (next < partition.first_sequence(group + 1)) next += partition.tile_size(next);
        CHECK(next == partition.first_sequence(group + 1));
      }
    }
  }
}

TEST_CASE("nodes of the tree know their groups", "[train]") {
  for (int count = 1; count <= kGradientGroups; count *= 2) {
    for (int first = 0; first < kGradientGroups; first += count) {
      REQUIRE(GroupNode::exists(first, count));
      const GroupNode node = GroupNode::of(first, count);
      CHECK(node.first() == first);
      CHECK(node.count() == count);
      if (node.is_root()) continue;
      CHECK(node.parent().count() == 2 * count);
      CHECK(node.parent().first() == std::min(first, node.sibling().first()));
    }
  }
  for (const auto& [first, count] : {std::pair{1, 2}, {0, 3}, {4, 8}, {16, 1}, {-1, 1}, {0, 0}, {0, 32}}) {
    CHECK_FALSE(GroupNode::exists(first, count));
  }
}

TEST_CASE("groups are added in a fixed tree, whatever order they arrive in", "[train]") {
  std::mt19937 random(1);
  std::vector<int> order(kGradientGroups);
  for (int group = 0; group < kGradientGroups; ++group) order[std::size_t(group)] = group;
  BatchSums sums = empty_sums();
  for (int repetition = 0; repetition < 100; ++repetition) {
    sums.clear();
    std::shuffle(order.begin(), order.end(), random);
    for (const int group : order) {
      CHECK_FALSE(sums.has_all(0, kGradientGroups));
      sums.add(GroupNode::leaf(group), sum_of(sums, group));
    }
    REQUIRE(sums.has_all(0, kGradientGroups));
    CHECK(sums.total().gradient == std::vector<float>(kNumbers, expected_sum(0, kGradientGroups)));
    CHECK(sums.total().totals[0] == kGradientGroups * (kGradientGroups - 1) / 2.0);
  }
}

TEST_CASE("a range is taken as the largest aligned nodes within it", "[train]") {
  BatchSums sums = empty_sums();
  sums.want(3, 8);
  continue_sums(sums, Deadline::never());
  const std::vector<Node> nodes = wanted_sums(sums);
  REQUIRE(nodes.size() == 2);
  CHECK(nodes[0].node.first() == 3);
  CHECK(nodes[0].node.count() == 1);
  CHECK(nodes[1].node.first() == 4);
  CHECK(nodes[1].node.count() == 4);
  CHECK(nodes[1].number == expected_sum(4, 4));
}

TEST_CASE("nodes that are there stay, and a larger node replaces those within it", "[train]") {
  BatchSums sums = empty_sums();
  sums.add(GroupNode::leaf(5), sum_of(sums, 5));
  BatchSums::Sum other = sums.zero();
  other->gradient.assign(kNumbers, 1000);
  sums.add(GroupNode::leaf(5), std::move(other));
  BatchSums::Sum four = sums.zero();
  four->gradient.assign(kNumbers, expected_sum(4, 4));
  sums.add(GroupNode::of(4, 4), std::move(four));
  for (const int group : {6, 0, 1, 2, 3}) sums.add(GroupNode::leaf(group), sum_of(sums, group));
  sums.want(0, kGradientGroups);
  const std::vector<Node> nodes = wanted_sums(sums);
  REQUIRE(nodes.size() == 1);
  CHECK(nodes[0].node.count() == 8);
  CHECK(nodes[0].number == expected_sum(0, 8));
}

TEST_CASE("a shortened range ends after the group that has begun", "[train]") {
  BatchSums sums = empty_sums();
  sums.want(2, 10);
  // Three tiles are all of group 2 and half of group 3.
  for (int tile = 0; tile < 3; ++tile) continue_sums(sums, Deadline::in(0));
  CHECK(sums.shorten(6) == 6);
  CHECK(sums.shorten(9) == 6);
  CHECK(sums.shorten(0) == 4);
  continue_sums(sums, Deadline::never());
  for (int group = 0; group < kGradientGroups; ++group) CHECK(sums.has(group) == (group == 2 || group == 3));
}

TEST_CASE("empty groups are there from the start and are never taken", "[train]") {
  BatchSums sums = empty_sums(1);
  sums.want(0, kGradientGroups);
  CHECK(wanted_sums(sums).empty());
  int missing = 0;
  while (sums.has(missing)) ++missing;
  for (int other = 0; other < kGradientGroups; ++other) CHECK(sums.has(other) == (other != missing));
  continue_sums(sums, Deadline::never());
  CHECK(sums.has_all(0, kGradientGroups));
  CHECK(wanted_sums(sums).size() == 1);
  CHECK(sums.total().gradient[0] == number_of(0));
}

}  // namespace mesa
