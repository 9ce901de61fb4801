#include "data/nonlinear_system.h"

#include "core/normal_distribution.h"
#include "data/dynamics.h"
#include "data/random_matrix.h"

namespace mesa {
NonlinearFeature::NonlinearFeature(int size, std::uint64_t seed) {
  constexpr int kWidening = 4;
  constexpr float kScale = 1.1F;
  RandomStream random(seed, RandomPurpose::task, 0, 0);
  inner_ = random_gaussian(kWidening * size, size, kScale, random);
  outer_ = random_gaussian(size, kWidening * size, kScale, random);
}

Eigen::VectorXf NonlinearFeature::operator()(const Eigen::VectorXf& state) const {
  constexpr float kSmallest = 1e-16F;  // avoids 0 / 0 when every gelu underflows
  Eigen::VectorXf hidden = inner_ * state;
  gelu(hidden.data(), hidden.data(), int(hidden.size()));
  const Eigen::VectorXf feature = outer_ * hidden;
  return feature / (feature.norm() + kSmallest);
}

void generate_nonlinear_system(const TaskConfig& config, RandomStream& random,
                               const MatrixView<float>& states) {
  constexpr float kStart = 0.25F;
  const NonlinearFeature feature(states.columns, random.seed());
  const Eigen::MatrixXf rotation = random_orthogonal(states.columns, random);
  const auto step = [&](const auto& state) -> Eigen::VectorXf { return rotation * feature(state); };
  run_dynamics(step, kStart, config, random, states);
}

}  // namespace mesa
