#pragma once

#include <string_view>
#include <vector>

#include "core/matrix_view.h"

namespace mesa {

/// How states become the Transformer's input tokens e_1 .. e_T (s_t = 0 for t < 1):
///   constructed         e_t = (0, s_t, s_t, s_{t-1})        the tokens of the paper's Propositions 1 and 2
///   constructed_masked  e_t = (0, 0, s_t, s_{t-1})          the paper's one-layer study
///   window              e_t = (s_t, s_{t-1}, ..., s_{t-k+1})
///   raw                 e_t = s_t                           for a learned input embedding
enum class TokenKind { constructed, constructed_masked, window, raw };

/// Their names in configurations and messages, in the same order.
inline constexpr std::string_view kTokenKindNames[] = {"constructed", "constructed_masked", "window", "raw"};

struct TokenConfig {
  TokenConfig(TokenKind kind = TokenKind::constructed, int window = 3) : kind(kind), window(window) {}

  TokenKind kind;
  int window;  ///< k >= 1, for that kind only
};

/// The channels of one token for observations of size d: D, or the input size of the embedding.
int token_width(const TokenConfig& config, int observation_size);

/// For each channel of a token, the last channel that holds the same number at all positions, or kZeroChannel
/// if it is always zero.
std::vector<int> same_channels(const TokenConfig& config, int observation_size);
inline constexpr int kZeroChannel = -1;

/// states [T + 1, d] -> tokens [T, token_width]. The last state is only a target and enters no token.
template <class State, class Scalar>
void write_tokens(const TokenConfig& config, const MatrixView<const State>& states,
                  const MatrixView<Scalar>& tokens);

/// The backward pass of write_tokens(): turns the gradient with respect to the tokens [T, token_width] into
/// that with respect to the states s_1 .. s_T [T, d].
template <class Scalar>
void token_gradient_to_states(const TokenConfig& config, const MatrixView<const Scalar>& token_gradient,
                              const MatrixView<Scalar>& state_gradient);

}  // namespace mesa
