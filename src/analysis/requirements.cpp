#include "analysis/requirements.h"

#include "core/error.h"
#include "core/sizes.h"

namespace mesa {

bool some_layer(const ModelConfig& model, AttentionKind kind) {
  for (int layer = 0; layer < model.layers; ++layer) {
    if (model.attention_of(layer) == kind) return true;
  }
  return false;
}
bool all_layers(const ModelConfig& model, AttentionKind kind) {
  for (int layer = 0; layer < model.layers; ++layer) {
    if (model.attention_of(layer) != kind) return false;
  }
  return true;
}

std::string attention_text(const ModelConfig& model) {
  std::string text;
  for (int layer = 0; layer < model.layers; ++layer) {
    text += joined({layer == 0 ? "" : ",", kAttentionKindNames[std::size_t(model.attention_of(layer))]});
  }
  return text;
}

void require_off(std::string_view field, bool is_on) {
  constexpr std::string_view kOff[] = {"off"};
  if (is_on) throw needs(field, kOff, "on", {});
}

void require_positions(const Subject& subject, int least) {
  if (subject.task.sequence_length >= least) return;
  throw out_of_range("sequence_length", least, kMostPositions, subject.task.sequence_length);
}

}  // namespace mesa
