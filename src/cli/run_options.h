#pragma once

#include "cli/commands.h"
#include "experiment/config.h"
#include "experiment/experiment.h"

namespace mesa {

/// Splits each setting into views of its key and value. Throws Error if one is not key=value.
std::vector<Setting> parse_settings(const std::vector<std::string>& settings);

/// The preset's configuration with the options and then `more` applied. Throws Error naming the field.
Config config_from(const RunOptions& options, const std::vector<Setting>& more = {});

/// The run saved in a checkpoint, with `overrides` applied to its configuration. Throws Error naming the
/// file, the field or the tensor.
Experiment experiment_from(const std::string& checkpoint_path, const std::vector<Setting>& overrides,
                           int threads);

}  // namespace mesa
