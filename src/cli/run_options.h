#pragma once

#include "cli/commands.h"
#include "experiment/config.h"

namespace mesa {

/// Views into `settings`; throws Error when one is not key=value.
std::vector<Setting> parse_settings(const std::vector<std::string>& settings);

/// The preset's configuration with the options on top, then `more`. Throws Error naming the field.
Config config_from(const RunOptions& options, const std::vector<Setting>& more = {});

}  // namespace mesa
