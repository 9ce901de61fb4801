#include "data/random_matrix.h"

#include <Eigen/LU>
#include <catch2/catch.hpp>
#include <cmath>

namespace mesa {
namespace {

RandomStream stream(int sequence) { return {5, RandomPurpose::training, 0, std::uint32_t(sequence)}; }

}  // namespace

TEST_CASE("random orthogonal matrices are orthogonal, at any size", "[data]") {
  for (const int size : {1, 2, 3, 10, 17}) {
    RandomStream random = stream(size);
    const Eigen::MatrixXf q = random_orthogonal(size, random);
    CHECK((q * q.transpose() - Eigen::MatrixXf::Identity(size, size)).cwiseAbs().maxCoeff() < 1e-5F);
  }
}

TEST_CASE("random orthogonal matrices follow the Haar measure", "[data]") {
  // The trace then has mean 0 and variance 1 (Diaconis and Shahshahani 1994), but not without the sign fix.
  constexpr int kDraws = 4000;
  double sum = 0;
  double squares = 0;
  int reflections = 0;
  for (int i = 0; i < kDraws; ++i) {
    RandomStream random = stream(i);
    const Eigen::MatrixXf q = random_orthogonal(5, random);
    sum += q.trace();
    squares += q.trace() * q.trace();
    reflections += q.determinant() < 0;
  }
  CHECK(std::abs(sum / kDraws) < 4 / std::sqrt(kDraws));
  CHECK(std::abs(squares / kDraws - 1) < 4 * std::sqrt(2.0 / kDraws));
  CHECK(std::abs(reflections - kDraws / 2) < 4 * std::sqrt(kDraws / 4.0));
}

}  // namespace mesa
