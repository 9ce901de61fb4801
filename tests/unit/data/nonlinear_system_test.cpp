#include "data/nonlinear_system.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "data/sequences.h"

namespace mesa {
namespace {

/// Oracle for the feature f/|f|: its definition, entry by entry in double.
class Definition {
 public:
  Definition(int size, std::uint64_t seed)
      : size_(std::size_t(size)), inner_(4 * size_ * size_), outer_(inner_.size()) {
    RandomStream shared(seed, RandomPurpose::task, 0, 0);
    shared.fill_normal(inner_, 1.1F);
    shared.fill_normal(outer_, 1.1F);
  }

  [[nodiscard]] Eigen::VectorXd operator()(const Eigen::VectorXd& state) const {
    Eigen::VectorXd feature = Eigen::VectorXd::Zero(Eigen::Index(size_));
    for (std::size_t i = 0; i < 4 * size_; ++i) {
      double x = 0;
      for (std::size_t j = 0; j < size_; ++j) x += inner_[j * 4 * size_ + i] * state(Eigen::Index(j));
      const double gelu = x * std::erfc(-x / std::sqrt(2.0)) / 2;
      for (std::size_t j = 0; j < size_; ++j) feature(Eigen::Index(j)) += outer_[i * size_ + j] * gelu;
    }
    return feature / std::sqrt(feature.squaredNorm());
  }

 private:
  std::size_t size_;
  std::vector<float> inner_;
  std::vector<float> outer_;
};

TaskConfig noiseless() {
  TaskConfig config = paper_task(TaskKind::nonlinear);
  config.noise = 0;
  return config;
}

}  // namespace

TEST_CASE("the nonlinear feature is the normalised B gelu(A s)", "[data]") {
  for (const int size : {1, 3, 10}) {
    const NonlinearFeature feature(size, 5);
    const Definition definition(size, 5);
    for (std::uint32_t i = 0; i < 20; ++i) {
      Eigen::VectorXf state(size);
      RandomStream(7, RandomPurpose::tuning, 0, i).fill_uniform({state.data(), std::size_t(size)}, -1, 1);
      CHECK((feature(state).cast<double>() - definition(state.cast<double>())).cwiseAbs().maxCoeff() < 1e-5);
    }
  }
  CHECK(NonlinearFeature(10, 5)(Eigen::VectorXf::Zero(10)).isZero());
}

TEST_CASE("the next state is an orthogonal image of the current one's feature", "[data]") {
  const Definition definition(10, 5);
  const auto features = [&](const Eigen::MatrixXd& states) {
    Eigen::MatrixXd result(50, 10);
    for (int t = 0; t < 50; ++t) result.row(t) = definition(states.row(t)).transpose();
    return result;
  };
  std::vector<Eigen::MatrixXd> maps;
  for (std::uint32_t sequence = 0; sequence < 5; ++sequence) {
    const Eigen::MatrixXd states = draw_states(noiseless(), sequence);
    CHECK(states.row(0).cwiseAbs().maxCoeff() <= 0.25);
    CHECK(states.row(50).norm() == Approx(1));
    const Eigen::MatrixXd next = states.bottomRows(50);
    const Eigen::MatrixXd inputs = features(states);
    maps.push_back(fit_linear_map(inputs.topRows(25), next.topRows(25)));
    CHECK((inputs * maps.back().transpose() - next).cwiseAbs().maxCoeff() < 1e-3);
    CHECK((maps.back() * maps.back().transpose() - Eigen::MatrixXd::Identity(10, 10)).norm() < 1e-2);
  }
  CHECK((maps[0] - maps[1]).norm() > 1);
}

}  // namespace mesa
