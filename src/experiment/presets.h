#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "experiment/complete_config.h"
#include "experiment/config.h"

namespace mesa {

/// Settings as "key=value key=value .."; the last of several values for a key counts.
using SettingsText = std::string_view;

struct Variant {
  std::string_view name;  ///< paper: the values of the paper's Table 1; quick: values for a laptop's browser
  std::array<SettingsText, 2> settings;  ///< on top of the preset's
  std::string_view steps;                ///< of the training and of the cosine decay, unless empty
  /// The mean held-out loss that it reaches in its number of steps with any seed; tests/promises checks it.
  std::optional<double> promised_loss;
};

struct Preset {
  std::string_view name;
  std::string_view title;  ///< empty in WebAssembly
  std::array<SettingsText, 3> settings;
  std::array<Variant, 2> all_variants;  ///< the second has no name if there is only one

  /// The first is the default.
  [[nodiscard]] std::span<const Variant> variants() const {
    return {all_variants.data(), all_variants[1].name.empty() ? std::size_t{1} : all_variants.size()};
  }
};

std::span<const Preset> presets();

/// The fields of a preset with `overrides` applied. An empty variant means the preset's first. Throws Error
/// naming preset, variant or field.
Config preset_config(std::string_view preset, std::string_view variant,
                     const std::vector<Setting>& overrides = {});

/// preset_config(), completed by complete_config().
inline Config make_config(std::string_view preset, std::string_view variant,
                          const std::vector<Setting>& overrides = {}) {
  Config config = preset_config(preset, variant, overrides);
  complete_config(config);
  return config;
}

}  // namespace mesa
