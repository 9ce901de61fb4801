// Usage: bench_engine [rounds] [case ...]
//
// Whole training steps, batch generation and optimiser included, on one thread: milliseconds and GFLOP/s, and
// the share of the multiply-add peak measured in between. Every round runs each case once, so that whatever
// else the machine does meets all of them; the figures are medians over the rounds.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "core/simd.h"
#include "train/trainer.h"

namespace mesa {
namespace {

struct Case {
  std::string name;
  TokenConfig tokens;
  ModelConfig model;
  int batch_size;
};

ModelConfig constructed_model(AttentionKind kind, int layers, int heads, int key_size) {
  return {.layers = layers, .attention = {kind}, .heads = heads, .key_size = key_size, .residual_limit = 1.5};
}

/// Raw tokens through a learned embedding, the first layer seeing a positional encoding.
ModelConfig raw_model(std::vector<AttentionKind> attention, int layers) {
  return {.embedded_size = 10,
          .layers = layers,
          .attention = std::move(attention),
          .heads = 4,
          .key_size = 20,
          .positional_encoding = true,
          .residual_limit = 1.5};
}

std::vector<Case> all_cases() {
  using enum AttentionKind;
  using enum TokenKind;
  return {{"notebook", constructed, constructed_model(linear, 2, 4, 20), 256},
          {"linear-6-k40", constructed, constructed_model(linear, 6, 4, 40), 64},
          {"linear-1", constructed_masked, constructed_model(linear, 1, 2, 20), 64},
          {"linear-1-h4", constructed, constructed_model(linear, 1, 4, 20), 64},
          {"softmax-1-h4", constructed, constructed_model(softmax, 1, 4, 20), 64},
          {"mesa-1-h4", constructed, constructed_model(mesa, 1, 4, 20), 64},
          {"transformer-7", raw, raw_model({softmax}, 7), 64},
          {"hybrid-mesa", raw, raw_model({softmax, mesa}, 2), 64}};
}

/// Operations of a step by the usual count: three times those of the forward pass, of the attention scores
/// only the causal half, a multiply-add being two. A mesa layer counts as its recursion, five products of a K
/// x K matrix.
double operations(const Case& c) {
  const ModelConfig& m = c.model;
  const double projection = double(m.heads) * m.key_size;
  double multiply_adds = double(m.embedded_size) * m.width * 2;
  for (int layer = 0; layer < m.layers; ++layer) {
    const bool is_mesa = m.attention_of(layer) == AttentionKind::mesa;
    const double mixing = is_mesa ? 5.0 * m.key_size : m.positions + 1;
    const double encoding = m.positional_encoding && layer == 0 ? 2 * m.width : 0;
    multiply_adds += projection * (4 * m.width + encoding + mixing);
  }
  return 2 * 3 * multiply_adds * m.positions * c.batch_size;
}

/// Processor time: on a busy machine time spent waiting for a turn does not count.
double seconds_now() { return double(std::clock()) / CLOCKS_PER_SEC; }

/// Multiply-adds per second, in GFLOP/s, that the engine's vectors reach with nothing else to do.
double measure_peak() {
  constexpr int kRegisters = 12;  // enough chains to fill two units of latency 4, few enough not to spill
  constexpr int kRepeats = 400'000;
  // What the compiler may not know, so that it computes all of it.
  const volatile float unknown = 0.5F;
  const Vector<float> factor = Vector<float>{} + unknown;
  Vector<float> sums[kRegisters];
  for (Vector<float>& sum : sums) sum = Vector<float>{} + unknown;
  const double start = seconds_now();
  for (int repeat = 0; repeat < kRepeats; ++repeat) {
#pragma GCC unroll 12
    for (Vector<float>& sum : sums) sum = multiply_add<float>(sum, factor, factor);
  }
  const double seconds = seconds_now() - start;
  Vector<float> total = {};
  for (const Vector<float>& sum : sums) total += sum;
  const volatile float used = total[0];
  (void)used;
  return 2e-9 * kLanes<float> * kRegisters * kRepeats / seconds;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

struct Measurement {
  Case benchmark;
  Trainer trainer;
  std::vector<double> seconds;
};

int run(int rounds, const std::vector<std::string>& wanted) {
  std::vector<Measurement> measurements;
  for (const Case& c : all_cases()) {
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), c.name) == wanted.end()) continue;
    const TrainingConfig training{.batch_size = c.batch_size, .learning_rate = 1e-4};
    measurements.push_back({c, Trainer({}, c.tokens, c.model, training, 1, 1), {}});
  }
  std::vector<double> peaks;
  for (int round = 0; round < rounds; ++round) {
    peaks.push_back(measure_peak());
    for (Measurement& m : measurements) {
      const double start = seconds_now();
      m.trainer.step();
      m.seconds.push_back(seconds_now() - start);
    }
  }
  const double peak = median(peaks);
  std::printf("peak %.1f GFLOP/s, %d rounds\n%-14s %10s %10s %8s\n", peak, rounds, "case", "ms/step",
              "GFLOP/s", "of peak");
  for (const Measurement& m : measurements) {
    const double seconds = median(m.seconds);
    const double rate = 1e-9 * operations(m.benchmark) / seconds;
    std::printf("%-14s %10.3f %10.1f %7.0f%%\n", m.benchmark.name.c_str(), 1e3 * seconds, rate,
                100 * rate / peak);
  }
  return 0;
}

}  // namespace
}  // namespace mesa

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 15;
  if (rounds < 1) {
    std::fprintf(stderr, "bench_engine: expected a number of rounds, got \"%s\"\n", argv[1]);
    return 2;
  }
  return mesa::run(rounds, {argv + std::min(argc, 2), argv + argc});
}
