#pragma once

#include "cli/commands.h"
#include "experiment/config.h"
#include "experiment/experiment.h"

namespace mesa {

/// Views into `settings`; throws Error when one is not key=value.
std::vector<Setting> parse_settings(const std::vector<std::string>& settings);

/// The preset's configuration with the options on top, then `more`. Throws Error naming the field.
Config config_from(const RunOptions& options, const std::vector<Setting>& more = {});

/// The run in a checkpoint, as it stands there, with `overrides` on top of its configuration. Throws Error
/// naming the file, the field or the tensor.
Experiment experiment_from(const std::string& checkpoint_path, const std::vector<Setting>& overrides,
                           int threads);

}  // namespace mesa
