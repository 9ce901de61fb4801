#pragma once

#include <string_view>

namespace mesa {

/// How a head mixes the values of its context.
enum class AttentionKind { linear, softmax, mesa };

/// As configurations and messages call them, in the same order.
inline constexpr std::string_view kAttentionKindNames[] = {"linear", "softmax", "mesa"};

}  // namespace mesa
