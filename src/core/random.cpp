#include "core/random.h"

#include <algorithm>
#include <numbers>

#include "core/simd.h"

namespace mesa {
namespace {

constexpr int kRounds = 10;
constexpr std::uint32_t kMultiplier0 = 0xD2511F53;
constexpr std::uint32_t kMultiplier1 = 0xCD9E8D57;
constexpr std::uint32_t kKeyStep0 = 0x9E3779B9;
constexpr std::uint32_t kKeyStep1 = 0xBB67AE85;

/// A number in (0, 1] from 32 random bits, never 0 so that its logarithm exists.
float to_unit_interval(std::uint32_t bits) { return (static_cast<float>(bits) + 0.5F) * 0x1p-32F; }

// Logarithm, sine and cosine are implemented here because C libraries round differently and a batch has to be
// the same in every engine. They are Taylor series on an interval so short that the first omitted term is
// below a float's digits.

using Floats = Vector<float>;
using Integers = Vector<std::int32_t>;
using Bits = Vector<std::uint32_t>;

/// The natural logarithm of a positive normal number, on each lane.
Floats logarithm(Floats x) {
  // x = m 2^e with m in [sqrt(1/2), sqrt(2)).
  constexpr std::uint32_t kSqrtHalf = 0x3F3504F3;
  const Bits shifted = (Bits)x - kSqrtHalf;
  const Floats exponent = __builtin_convertvector((Integers)shifted >> 23, Floats);
  const auto mantissa = (Floats)((shifted & 0x007FFFFFU) + kSqrtHalf);
  // log m = 2 artanh((m - 1) / (m + 1)), with the argument within +-0.172.
  const Floats s = (mantissa - 1) / (mantissa + 1);
  const Floats s2 = s * s;
  const Floats series = 1 + s2 * (1.F / 3 + s2 * (1.F / 5 + s2 * (1.F / 7 + s2 * (1.F / 9))));
  return 2 * s * series + exponent * std::numbers::ln2_v<float>;
}

/// A point of the plane in each lane.
struct Points {
  Floats x;
  Floats y;
};

/// The points of the unit circle at `turns` full turns, turns in [0, 1].
Points points_of_circle(Floats turns) {
  const Integers quarter = __builtin_convertvector(turns * 4 + 0.5F, Integers);
  // The angle is within +-pi/4.
  const Floats angle =
      (turns - __builtin_convertvector(quarter, Floats) / 4) * (2 * std::numbers::pi_v<float>);
  const Floats a2 = angle * angle;
  const Floats cosine = 1 + a2 * (-1.F / 2 + a2 * (1.F / 24 + a2 * (-1.F / 720 + a2 * (1.F / 40320))));
  const Floats sine =
      angle * (1 + a2 * (-1.F / 6 + a2 * (1.F / 120 + a2 * (-1.F / 5040 + a2 * (1.F / 362880)))));
  // After one quarter of a turn (c, s) is (-s, c), after two (-c, -s), after three (s, -c).
  const Integers is_odd = (quarter & 1) != 0;
  const Floats x = is_odd ? sine : cosine;
  const Floats y = is_odd ? cosine : sine;
  return {((quarter + 1) & 2) != 0 ? -x : x, (quarter & 2) != 0 ? -y : y};
}

/// Two independent N(0, 1) numbers, as x and y, from two U(0, 1) numbers on each lane (Box and Muller 1958).
Points normal_pairs(Bits radius_bits, Bits angle_bits) {
  const auto to_unit_intervals = [](Bits bits) {
    return (__builtin_convertvector(bits, Floats) + 0.5F) * 0x1p-32F;
  };
  const Floats radius = square_root(-2 * logarithm(to_unit_intervals(radius_bits)));
  const Points at = points_of_circle(to_unit_intervals(angle_bits));
  return {radius * at.x, radius * at.y};
}

}  // namespace

std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < kRounds; ++round) {
    const std::uint64_t product0 = std::uint64_t{kMultiplier0} * counter[0];
    const std::uint64_t product1 = std::uint64_t{kMultiplier1} * counter[2];
    counter = {static_cast<std::uint32_t>(product1 >> 32) ^ counter[1] ^ key[0],
               static_cast<std::uint32_t>(product1),
               static_cast<std::uint32_t>(product0 >> 32) ^ counter[3] ^ key[1],
               static_cast<std::uint32_t>(product0)};
    key = {key[0] + kKeyStep0, key[1] + kKeyStep1};
  }
  return counter;
}

RandomStream::RandomStream(std::uint64_t seed, RandomPurpose purpose, std::uint32_t step,
                           std::uint32_t sequence)
    : key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)},
      counter_{0, sequence, step, static_cast<std::uint32_t>(purpose)} {}

std::array<std::uint32_t, 4> RandomStream::next_block() {
  const auto block = philox4x32(counter_, key_);
  ++counter_[0];
  return block;
}

void RandomStream::fill_uniform(std::span<float> values, float low, float high) {
  for (std::size_t first = 0; first < values.size(); first += 4) {
    const auto block = next_block();
    const std::size_t count = std::min<std::size_t>(4, values.size() - first);
    for (std::size_t i = 0; i < count; ++i)
      values[first + i] = low + (high - low) * to_unit_interval(block[i]);
  }
}

void RandomStream::fill_normal(std::span<float> values, float standard_deviation) {
  constexpr std::size_t kPairs = kLanes<float>;  // drawn at a time
  for (std::size_t first = 0; first < values.size(); first += 2 * kPairs) {
    const std::size_t count = std::min(2 * kPairs, values.size() - first);
    Bits radius_bits = {};
    Bits angle_bits = {};
    // Unrolled so that the compiler knows the lane numbers; otherwise lanes are written through memory.
#pragma GCC unroll 8
    for (std::size_t pair = 0; pair < kPairs; pair += 2) {
      if (2 * pair >= count) break;
      const auto block = next_block();
      radius_bits[pair] = block[0];
      angle_bits[pair] = block[1];
      radius_bits[pair + 1] = block[2];
      angle_bits[pair + 1] = block[3];
    }
    const Points draws = normal_pairs(radius_bits, angle_bits);
    for (std::size_t i = 0; i < count; ++i) {
      values[first + i] = standard_deviation * (i % 2 == 0 ? draws.x[i / 2] : draws.y[i / 2]);
    }
  }
}

}  // namespace mesa
