#include "data/task_config.h"

namespace mesa {

TaskConfig paper_task(TaskKind kind) {
  TaskConfig config;
  config.kind = kind;
  if (kind == TaskKind::partially_observed) config.observation_size = 5;
  if (kind == TaskKind::contracting) config.state_limit = 2;
  if (kind == TaskKind::regression) {
    config.sequence_length = 224;
    config.noise = 0;
  }
  return config;
}

}  // namespace mesa
