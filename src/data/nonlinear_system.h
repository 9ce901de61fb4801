#pragma once

#include <Eigen/Core>
#include <cstdint>

#include "data/task.h"

namespace mesa {

/// The nonlinearity f(s) / |f(s)|, f(s) = B gelu(A s), that all sequences of a seed share. A [4d, d] and B
/// [d, 4d] have entries from N(0, 1.1^2). (The paper writes N(0, 1.1), but its code multiplies N(0, 1) by
/// 1.1; the scale of B cancels.)
class NonlinearFeature {
 public:
  NonlinearFeature(int size, std::uint64_t seed);

  /// Maps a state [d] to a vector [d] of length 1.
  [[nodiscard]] Eigen::VectorXf operator()(const Eigen::VectorXf& state) const;

 private:
  Eigen::MatrixXf inner_;  ///< A
  Eigen::MatrixXf outer_;  ///< B
};

/// Writes states [T + 1, d]: s_1 ~ U(-0.25, 0.25)^d as in the paper's code, s_{t+1} = W f(s_t) / |f(s_t)| +
/// sigma e_t with e_t ~ N(0, I) and W Haar-orthogonal, new for each sequence.
void generate_nonlinear_system(const TaskConfig& config, RandomStream& random,
                               const MatrixView<float>& states);

}  // namespace mesa
