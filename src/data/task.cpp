#include "data/task.h"

#include <cassert>

#include "data/contracting_system.h"
#include "data/fixed_teacher.h"
#include "data/linear_system.h"
#include "data/nonlinear_system.h"
#include "data/partially_observed_system.h"
#include "data/regression.h"

namespace mesa {

void generate_sequence(const TaskConfig& config, RandomStream& random, const MatrixView<float>& states) {
  assert(states.rows == config.sequence_length + 1 && states.columns == config.observation_size);
  switch (config.kind) {
    case TaskKind::linear: return generate_linear_system(config, random, states);
    case TaskKind::partially_observed: return generate_partially_observed_system(config, random, states);
    case TaskKind::nonlinear: return generate_nonlinear_system(config, random, states);
    case TaskKind::contracting: return generate_contracting_system(config, random, states);
    case TaskKind::fixed_teacher: return generate_fixed_teacher(config, random, states);
    case TaskKind::regression: return generate_regression(config, random, states);
  }
}

}  // namespace mesa
