#pragma once

#include <string>
#include <string_view>

#include "analysis/subject.h"

namespace mesa {

// Helpers for the checks of subjects. Their errors name a field of the configuration.

/// Whether some layer has, or all layers have, attention of this kind.
bool some_layer(const ModelConfig& model, AttentionKind kind);
bool all_layers(const ModelConfig& model, AttentionKind kind);

/// The attention kinds of all layers, separated by commas.
std::string attention_text(const ModelConfig& model);

/// Throws Error if the field is on.
void require_off(std::string_view field, bool is_on);

/// Throws Error if the sequences have fewer than `least` positions.
void require_positions(const Subject& subject, int least);

}  // namespace mesa
