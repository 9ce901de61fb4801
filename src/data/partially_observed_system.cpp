#include "data/partially_observed_system.h"

#include "data/dynamics.h"
#include "data/linear_system.h"
#include "data/random_matrix.h"

namespace mesa {

void generate_partially_observed_system(const TaskConfig& config, RandomStream& random,
                                        const MatrixView<float>& states) {
  constexpr float kObservationScale = 0.5F;
  const int n = config.hidden_size;
  StateMatrix hidden(states.rows, n);
  generate_linear_system(config, random, {hidden.data(), states.rows, n});

  const Eigen::MatrixXf observation = random_gaussian(states.columns, n, kObservationScale, random);
  auto observed = state_matrix(states);
  random.fill_normal({states.data, static_cast<std::size_t>(observed.size())},
                     static_cast<float>(config.observation_noise));
  observed += hidden.lazyProduct(observation.transpose());
}

}  // namespace mesa
