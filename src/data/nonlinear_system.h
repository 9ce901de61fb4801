#pragma once

#include <Eigen/Core>
#include <cstdint>

#include "data/task.h"

namespace mesa {

/// The nonlinearity f/|f|, f(s) = B gelu(A s), that all sequences drawn from a seed share: A [4d, d] and B
/// [d, 4d] have entries N(0, 1.1^2). (The paper writes N(0, 1.1); its code multiplies N(0, 1) by 1.1, so 1.1
/// is the standard deviation. B's cancels anyway.)
class NonlinearFeature {
 public:
  NonlinearFeature(int size, std::uint64_t seed);

  /// state [d] -> [d], of length 1. The last bits depend on the C library's erf.
  [[nodiscard]] Eigen::VectorXf operator()(const Eigen::VectorXf& state) const;

 private:
  Eigen::MatrixXf inner_;  ///< A
  Eigen::MatrixXf outer_;  ///< B
};

/// s_1 ~ U(-0.25, 0.25)^d as in the paper's code, s_{t+1} = W f(s_t) / |f(s_t)| + sigma e_t with W
/// Haar-orthogonal, new for each sequence, and e_t ~ N(0, I). states [T + 1, d].
void generate_nonlinear_system(const TaskConfig& config, RandomStream& random,
                               const MatrixView<float>& states);

}  // namespace mesa
