#include "data/tokens.h"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <vector>

namespace mesa {
namespace {

constexpr int kZeros = -1;

/// The blocks of a token, each d channels wide: how many steps back the state in it lies, or kZeros.
std::vector<int> block_lags(const TokenConfig& config) {
  switch (config.kind) {
    case TokenKind::constructed: return {kZeros, 0, 0, 1};
    case TokenKind::constructed_masked: return {kZeros, kZeros, 0, 1};
    case TokenKind::window: {
      std::vector<int> lags(static_cast<std::size_t>(config.window));
      std::iota(lags.begin(), lags.end(), 0);
      return lags;
    }
    case TokenKind::raw: break;
  }
  return {0};
}

}  // namespace

int token_width(const TokenConfig& config, int observation_size) {
  return int(block_lags(config).size()) * observation_size;
}

std::vector<int> same_channels(const TokenConfig& config, int observation_size) {
  const std::vector<int> lags = block_lags(config);
  std::vector<int> channels;
  for (const int lag : lags) {
    const auto last = std::find(lags.rbegin(), lags.rend(), lag).base() - 1 - lags.begin();
    for (int i = 0; i < observation_size; ++i) {
      channels.push_back(lag == kZeros ? kZeroChannel : int(last) * observation_size + i);
    }
  }
  return channels;
}

template <class State, class Scalar>
void write_tokens(const TokenConfig& config, const MatrixView<const State>& states,
                  const MatrixView<Scalar>& tokens) {
  const int d = states.columns;
  const std::vector<int> lags = block_lags(config);
  assert(tokens.rows == states.rows - 1 && tokens.columns == int(lags.size()) * d);
  for (int t = 0; t < tokens.rows; ++t) {
    Scalar* block = &tokens(t, 0);
    for (const int lag : lags) {
      if (lag == kZeros || lag > t) {
        std::fill(block, block + d, Scalar{0});
      } else {
        const State* state = &states(t - lag, 0);
        std::transform(state, state + d, block, [](State number) { return Scalar(number); });
      }
      block += d;
    }
  }
}

template <class Scalar>
void token_gradient_to_states(const TokenConfig& config, const MatrixView<const Scalar>& token_gradient,
                              const MatrixView<Scalar>& state_gradient) {
  const int d = state_gradient.columns;
  const std::vector<int> lags = block_lags(config);
  assert(token_gradient.rows == state_gradient.rows && token_gradient.columns == int(lags.size()) * d);
  for (int t = 0; t < state_gradient.rows; ++t) {
    std::fill(&state_gradient(t, 0), &state_gradient(t, 0) + d, Scalar{0});
  }
  for (int t = 0; t < token_gradient.rows; ++t) {
    for (std::size_t block = 0; block < lags.size(); ++block) {
      if (lags[block] == kZeros || lags[block] > t) continue;
      Scalar* state = &state_gradient(t - lags[block], 0);
      const Scalar* gradient = &token_gradient(t, int(block) * d);
      for (int i = 0; i < d; ++i) state[i] += gradient[i];
    }
  }
}

#define MESA_INSTANTIATE(Scalar)                                                                             \
  template void write_tokens(const TokenConfig&, const MatrixView<const float>&, const MatrixView<Scalar>&); \
  template void write_tokens(const TokenConfig&, const MatrixView<const double>&,                            \
                             const MatrixView<Scalar>&);                                                     \
  template void token_gradient_to_states(const TokenConfig&, const MatrixView<const Scalar>&,                \
                                         const MatrixView<Scalar>&);
MESA_INSTANTIATE(float)
MESA_INSTANTIATE(double)
#undef MESA_INSTANTIATE

}  // namespace mesa
