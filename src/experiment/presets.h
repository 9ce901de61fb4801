#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "experiment/config.h"

namespace mesa {

struct Variant {
  std::string_view name;          ///< paper: the values of the paper's Table 1; quick: a laptop browser's
  std::vector<Setting> settings;  ///< on top of the preset's
  /// The mean held-out loss that it reaches in its number of steps, whatever the seed; tests/promises checks.
  std::optional<double> promised_loss = std::nullopt;
};

struct Preset {
  std::string_view name;
  std::string_view title;
  std::vector<Setting> settings;
  std::vector<Variant> variants;  ///< the first is the default
};

const std::vector<Preset>& presets();

/// The configuration of a preset, with `overrides` on top, completed. An empty variant means the preset's
/// first. Throws Error naming preset, variant or field.
Config make_config(std::string_view preset, std::string_view variant,
                   const std::vector<Setting>& overrides = {});

}  // namespace mesa
