#pragma once

#include <string_view>

namespace mesa {

/// How a head mixes the values of its context.
enum class AttentionKind {
#define MESA_ATTENTION_KIND(name, use) name,
#include "nn/attention_kinds.inc"
#undef MESA_ATTENTION_KIND
};

/// As configurations and messages call them, in the same order.
inline constexpr std::string_view kAttentionKindNames[] = {
#define MESA_ATTENTION_KIND(name, use) #name,
#include "nn/attention_kinds.inc"
#undef MESA_ATTENTION_KIND
};

/// What a head's output depends on, besides the values.
enum class QueryKeyUse {
  product,         ///< only on q . k
  scaled_product,  ///< only on q . k / sqrt(K)
  separate         ///< on queries and keys by themselves, too
};

constexpr QueryKeyUse query_key_use(AttentionKind kind) {
  constexpr QueryKeyUse kUses[] = {
#define MESA_ATTENTION_KIND(name, use) QueryKeyUse::use,
#include "nn/attention_kinds.inc"
#undef MESA_ATTENTION_KIND
  };
  return kUses[int(kind)];
}

}  // namespace mesa
