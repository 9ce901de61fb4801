#pragma once

#include "experiment/config.h"
#include "model/checkpoint.h"
#include "train/trainer.h"

namespace mesa {

/// Everything needed to analyse a run's model or to continue its training: the configuration and the training
/// state. All further batches follow from its step and the seed.
Checkpoint run_checkpoint(const Config& config, const Trainer& trainer);

/// The configuration of the run with `overrides` applied, completed. Throws Error naming the field.
Config checkpoint_config(const Checkpoint& checkpoint, const std::vector<Setting>& overrides = {});

/// The training state. Throws Error if the tensors in the file are not those of `table`.
TrainingState checkpoint_state(const Checkpoint& checkpoint, const ParameterTable& table);

}  // namespace mesa
