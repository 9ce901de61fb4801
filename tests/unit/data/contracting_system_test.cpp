#include "data/contracting_system.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "data/sequences.h"

namespace mesa {
namespace {

/// Eigenvalues, which have to be real, in ascending order.
Eigen::VectorXd spectrum(const Eigen::MatrixXd& matrix) {
  const Eigen::VectorXcd eigenvalues = matrix.eigenvalues();
  CHECK(eigenvalues.imag().cwiseAbs().maxCoeff() < 1e-4);
  Eigen::VectorXd sorted = eigenvalues.real();
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

struct Mean {
  double value;
  double standard_error;
};

/// The mean over `count` sequences of |s|^2 / 2, itself averaged over the states to predict.
template <class Draw>
Mean mean_zero_loss(int count, const Draw& draw) {
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < count; ++i) {
    const Eigen::MatrixXd states = draw(i);
    const double loss = states.bottomRows(states.rows() - 1).squaredNorm() / 2 / double(states.rows() - 1);
    sum += loss;
    squares += loss * loss;
  }
  const double mean = sum / count;
  return {mean, std::sqrt((squares / count - mean * mean) / count)};
}

}  // namespace

TEST_CASE("a contraction's eigenvalues are one 0.9 and the others uniform in [0.3, 0.9]", "[data]") {
  constexpr int kDraws = 300;
  double sum = 0;
  double smallest = 1;
  for (std::uint32_t i = 0; i < kDraws; ++i) {
    RandomStream random(5, RandomPurpose::training, 0, i);
    const Eigen::VectorXd eigenvalues = spectrum(random_contraction(10, random));
    CHECK(eigenvalues(9) == Approx(0.9).epsilon(1e-5));
    sum += eigenvalues.head(9).sum();
    smallest = std::min(smallest, eigenvalues(0));
  }
  CHECK(smallest > 0.3 - 1e-5);
  CHECK(smallest < 0.301);
  const double count = kDraws * 9;
  CHECK(std::abs(sum / count - 0.6) < 4 * 0.6 / std::sqrt(12 * count));

  RandomStream random(5, RandomPurpose::training, 0, 0);
  CHECK(random_contraction(1, random)(0, 0) == Approx(0.9));
}

TEST_CASE("a contraction's eigenvectors are independent Gaussian directions", "[data]") {
  // If so, the squared cosine between two has mean 1/d and variance 2 (d - 1) / (d^2 (d + 2)).
  constexpr int kDraws = 300;
  double sum = 0;
  for (std::uint32_t i = 0; i < kDraws; ++i) {
    RandomStream random(5, RandomPurpose::training, 0, i);
    const Eigen::EigenSolver<Eigen::MatrixXd> solver(random_contraction(10, random));
    const Eigen::MatrixXd directions = solver.eigenvectors().real().colwise().normalized();
    sum += (directions.transpose() * directions).squaredNorm() - 10;
  }
  const double count = kDraws * 10 * 9;
  const double variance = 2 * 9 / 1200.0;
  CHECK(std::abs(sum / count - 0.1) < 4 * std::sqrt(variance / (count / 2)));
}

TEST_CASE("the spectrum shows in a contracting system's states", "[data]") {
  // Three channels, as ten shrinking ones soon lie too close to a line for floats to show ten eigenvalues.
  TaskConfig config = paper_task(TaskKind::contracting);
  config.observation_size = 3;
  config.sequence_length = 6;
  config.noise = 0;
  config.state_limit = 1e6;
  for (std::uint32_t sequence = 0; sequence < 20; ++sequence) {
    const Eigen::MatrixXd states = draw_states(config, sequence);
    const Eigen::VectorXd eigenvalues = spectrum(fit_linear_map(states.topRows(6), states.bottomRows(6)));
    INFO("sequence " << sequence << ": " << eigenvalues.transpose());
    CHECK(eigenvalues(0) > 0.29);
    CHECK(eigenvalues(2) == Approx(0.9).epsilon(0.01));
  }
}

TEST_CASE("a contracting system follows its definition, clipped to +-2", "[data]") {
  // There is no closed form: before clipping, |W s|^2 has no mean, as U may be nearly singular. Oracle: the
  // definition in double, with the C++ library's generator.
  const TaskConfig config = paper_task(TaskKind::contracting);
  double largest = 0;
  const Mean ours = mean_zero_loss(4000, [&](int i) {
    Eigen::MatrixXd states = draw_states(config, std::uint32_t(i));
    largest = std::max(largest, states.cwiseAbs().maxCoeff());
    return states;
  });
  CHECK(largest == 2);

  std::mt19937_64 generator(1);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> eigenvalue(0.3, 0.9);
  std::uniform_real_distribution<double> start(-1, 1);
  const Mean oracle = mean_zero_loss(4000, [&](int) {
    const Eigen::MatrixXd basis = Eigen::MatrixXd::NullaryExpr(10, 10, [&] { return normal(generator); });
    Eigen::VectorXd eigenvalues = Eigen::VectorXd::NullaryExpr(10, [&] { return eigenvalue(generator); });
    eigenvalues(0) = 0.9;
    const Eigen::MatrixXd transition = basis * eigenvalues.asDiagonal() * basis.inverse();
    Eigen::MatrixXd states(51, 10);
    states.row(0) = Eigen::RowVectorXd::NullaryExpr(10, [&] { return start(generator); });
    for (int t = 1; t <= 50; ++t) {
      states.row(t) = states.row(t - 1) * transition.transpose();
      states.row(t) += 0.01 * Eigen::RowVectorXd::NullaryExpr(10, [&] { return normal(generator); });
      states.row(t) = states.row(t).cwiseMax(-2).cwiseMin(2);
    }
    return states;
  });
  INFO(ours.value << " against " << oracle.value << " +- " << oracle.standard_error);
  CHECK(std::abs(ours.value - oracle.value) < 4 * std::hypot(ours.standard_error, oracle.standard_error));
}

}  // namespace mesa
