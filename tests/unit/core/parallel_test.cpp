#include "core/parallel.h"

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <limits>
#include <stdexcept>
#include <vector>

namespace mesa {
namespace {

/// Half of the smallest normal number, computed at run time.
float denormal() {
  volatile float number = std::numeric_limits<float>::min();
  number = number / 2;
  return number;
}

}  // namespace

TEST_CASE("every item is done once, and no worker does two at a time", "[core]") {
  const int threads = GENERATE(1, 3, 40);
  std::vector<std::atomic<int>> done(17);
  std::vector<std::atomic<int>> working(std::size_t{unsigned(threads)});
  std::atomic<bool> shared = false;
  for_each_item(int(done.size()), threads, [&](int worker, int item) {
    if (working.at(std::size_t(worker))++ > 0) shared = true;
    ++done[std::size_t(item)];
    --working[std::size_t(worker)];
  });
  CHECK(std::all_of(done.begin(), done.end(), [](const auto& times) { return times == 1; }));
  CHECK_FALSE(shared);
}

TEST_CASE("an exception of an item is rethrown, from any thread", "[core]") {
  for (const int bad : {0, 5, 16}) {
    const auto work = [&](int /*worker*/, int item) {
      if (item == bad) throw std::runtime_error("bad item");
    };
    CHECK_THROWS_WITH(for_each_item(17, 4, work), "bad item");
  }
}

TEST_CASE("denormal numbers are zero in every worker, and nowhere else", "[core]") {
  std::vector<float> numbers(17, 1.F);
  for_each_item(int(numbers.size()), 4,
                [&](int /*worker*/, int item) { numbers[std::size_t(item)] = denormal(); });
  CHECK(std::ranges::count(numbers, 0.F) == std::ptrdiff_t(numbers.size()));
  CHECK(denormal() > 0);
}

}  // namespace mesa
