#include "analysis/requirements.h"

#include <string>

#include "core/error.h"

namespace mesa {

void require_raw_tokens(const Subject& subject) {
  if (subject.tokens.kind != TokenKind::raw) {
    throw Error("tokens", "expected a model on raw tokens, in whose input others can stand");
  }
}

void require_positions(const Subject& subject, int least) {
  if (subject.task.sequence_length < least) {
    throw Error("sequence_length", joined({"expected at least ", std::to_string(least), " positions, got ",
                                           std::to_string(subject.task.sequence_length)}));
  }
}

void require_softmax_layer(const Subject& subject) {
  for (int layer = 0; layer < subject.model.layers; ++layer) {
    if (subject.model.attention_of(layer) == AttentionKind::softmax) return;
  }
  throw Error("attention", "expected a model with a softmax layer");
}

}  // namespace mesa
