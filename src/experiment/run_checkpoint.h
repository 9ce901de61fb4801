#pragma once

#include "experiment/config.h"
#include "model/checkpoint.h"
#include "train/trainer.h"

namespace mesa {

/// All that is needed to look at a run's model or to go on training it: the configuration and the training
/// state. From its step and the seed all further batches follow.
Checkpoint run_checkpoint(const Config& config, const Trainer& trainer);

/// The configuration of the run, with `overrides` on top, completed. Throws Error naming the field.
Config checkpoint_config(const Checkpoint& checkpoint, const std::vector<Setting>& overrides = {});

/// Where the run stands. Throws Error when the model that `table` describes has other tensors than the file.
TrainingState checkpoint_state(const Checkpoint& checkpoint, const ParameterTable& table);

}  // namespace mesa
