#include "analysis/attention_maps.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "complete_pass.h"
#include "evaluate/sequences.h"
#include "random_numbers.h"

namespace mesa {
namespace {

constexpr int kD = 2;
constexpr int kT = 6;

struct Example {
  Example(TokenKind tokens, AttentionKind attention, bool layer_norm = false) : tokens(tokens) {
    task.observation_size = kD;
    task.sequence_length = kT;
    model = {.positions = kT,
             .width = tokens == TokenKind::raw ? 6 : token_width(tokens, kD),
             .output_size = kD,
             .embedded_size = tokens == TokenKind::raw ? kD : 0,
             .layers = 2,
             .attention = {attention},
             .heads = 2,
             .key_size = 3,
             .positional_encoding = tokens == TokenKind::raw,
             .layer_norm = layer_norm,
             .mlp_size = tokens == TokenKind::raw ? 5 : 0};
    parameters = test::normal_numbers<float>(ParameterTable(model).size, 3, 0.5F);
  }

  [[nodiscard]] Subject subject() const { return {task, tokens, model, parameters, 7}; }

  TaskConfig task;
  TokenConfig tokens;
  ModelConfig model;
  std::vector<float> parameters;
};

std::vector<Example> examples() {
  return {{TokenKind::constructed, AttentionKind::linear},
          {TokenKind::window, AttentionKind::mesa},
          {TokenKind::raw, AttentionKind::softmax}};
}

/// States whose numbers are exact as floats, even after a small step.
RowMatrix round_states(const Example& example) {
  const RowMatrix states = draw_sequences(example.task, 3, RandomPurpose::held_out, 1)[0];
  return (states.array() * 1024).round() / 1024;
}

}  // namespace

TEST_CASE("the first layer's gradient is that of finite differences", "[analysis]") {
  constexpr double kStep = 1.0 / 4096;
  std::vector<Example> with_norm = examples();
  with_norm.emplace_back(TokenKind::raw, AttentionKind::softmax, true);
  for (const Example& example : with_norm) {
    FirstLayer<double> layer(example.model, example.tokens, example.parameters);
    RowMatrix states = round_states(example);
    const std::vector<double> direction = test::normal_numbers<double>(std::size_t(example.model.width), 5);
    for (const int t : {kT - 1, 3}) {
      RowMatrix numeric = RowMatrix::Zero(kT, kD);
      const auto value = [&] {
        const MatrixView<const double> output = layer.run(states);
        double sum = 0;
        for (int i = 0; i < output.columns; ++i) sum += direction[std::size_t(i)] * output(t, i);
        return sum;
      };
      for (Eigen::Index i = 0; i < numeric.size(); ++i) {
        const double kept = states.data()[i];
        states.data()[i] = kept + kStep;
        const double above = value();
        states.data()[i] = kept - kStep;
        numeric.data()[i] = (above - value()) / (2 * kStep);
        states.data()[i] = kept;
      }
      layer.run(states);
      layer.gradient(kT - 2, direction);  // must not affect the next call
      CHECK((layer.gradient(t, direction) - numeric).norm() < 1e-5 * numeric.norm());
    }
  }
}

TEST_CASE("the first layer's output is the model's residual stream there", "[analysis]") {
  for (const Example& example : examples()) {
    FirstLayer<double> layer(example.model, example.tokens, example.parameters);
    const RowMatrix states = round_states(example);
    const std::vector<double> parameters(example.parameters.begin(), example.parameters.end());
    test::CompletePass<double> pass(example.model);
    pass.run(example.tokens, states, parameters);
    const MatrixView<const double> output = layer.run(states);
    for (int t = 0; t < kT; ++t) {
      for (int i = 0; i < example.model.width; ++i) {
        CHECK(output(t, i) == Approx(pass.workspace.residual(1)(t, i)).margin(1e-12));
      }
    }
  }
}

TEST_CASE("sensitivity is the norm of the Jacobian", "[analysis]") {
  // Oracle: the Jacobian itself, by a backward pass for each of its rows, on the same sequences. Only the
  // random directions differ, one for each of 2000 sequences.
  constexpr int kSequences = 2000;
  for (const Example& example : examples()) {
    FirstLayer<float> layer(example.model, example.tokens, example.parameters);
    RowMatrix squares = RowMatrix::Zero(kT, kT);
    for (const RowMatrix& states : draw_sequences(example.task, 7, RandomPurpose::held_out, kSequences)) {
      layer.run(states);
      for (int t = 0; t < kT; ++t) {
        for (int channel = 0; channel < example.model.width; ++channel) {
          std::vector<float> unit(std::size_t(example.model.width), 0);
          unit[std::size_t(channel)] = 1;
          squares.row(t) += layer.gradient(t, unit).rowwise().squaredNorm().transpose() / kSequences;
        }
      }
    }
    const RowMatrix expected = squares.cwiseSqrt();
    const RowMatrix measured = sensitivity(example.subject(), kSequences, 2);
    CHECK((measured - expected).norm() < 0.03 * expected.norm());
    CHECK(measured.triangularView<Eigen::StrictlyUpper>().toDenseMatrix().isZero(0));
    CHECK(sensitivity(example.subject(), 5, 1) == sensitivity(example.subject(), 5, 3));
  }
}

TEST_CASE("attention maps are averages of absolute scores", "[analysis]") {
  // Oracle: q . k computed from the weights, in the second layer too.
  const Example example(TokenKind::constructed, AttentionKind::linear);
  Effort effort;
  effort.sequences = 5;
  const std::vector<RowMatrix> maps = mean_absolute_scores(example.subject(), effort);
  REQUIRE(maps.size() == 4);
  const ParameterTable table(example.model);
  const auto weights = table.weights(example.parameters.data());
  test::CompletePass<float> pass(example.model);
  std::vector<RowMatrix> expected(4, RowMatrix::Zero(kT, kT));
  for (const RowMatrix& states : draw_sequences(example.task, 7, RandomPurpose::held_out, 5)) {
    pass.run(example.tokens, states, example.parameters);
    for (int map = 0; map < 4; ++map) {
      const auto& attention = weights.layers[std::size_t(map / 2)].attention;
      const auto residual = pass.workspace.residual(map / 2);
      for (int t = 0; t < kT; ++t) {
        for (int seen = 0; seen <= t; ++seen) {
          double score = 0;
          for (int k = map % 2 * 3; k < map % 2 * 3 + 3; ++k) {
            double query = 0;
            double key = 0;
            for (int i = 0; i < example.model.width; ++i) {
              query += double(residual(t, i)) * attention.query(i, k);
              key += double(residual(seen, i)) * attention.key(i, k);
            }
            score += query * key;
          }
          expected[std::size_t(map)](t, seen) += std::abs(score) / 5;
        }
      }
    }
  }
  for (std::size_t map = 0; map < 4; ++map) {
    CHECK((maps[map] - expected[map]).norm() < 1e-4 * expected[map].norm());
  }
}

TEST_CASE("softmax maps have rows that sum to 1", "[analysis]") {
  Effort effort;
  effort.sequences = 6;
  const Example example(TokenKind::raw, AttentionKind::softmax);
  for (const RowMatrix& map : mean_absolute_scores(example.subject(), effort)) {
    CHECK((map.rowwise().sum().array() - 1).abs().maxCoeff() < 1e-5);
  }
}

TEST_CASE("nearby shares leave the first rows out", "[analysis]") {
  RowMatrix map = RowMatrix::Zero(9, 9);
  map.topRows(7).setConstant(100);
  map.row(7) << 1, 0, 0, 0, 0, 0, 3, 4, 0;
  map.row(8) << 4, 0, 0, 0, 0, 0, 0, 2, 4;
  const NearbyShare share = nearby_share(map);
  CHECK(share.current == Approx((0.5 + 0.4) / 2));
  CHECK(share.previous == Approx((3.0 / 8 + 0.2) / 2));
  CHECK(nearby_share(RowMatrix::Ones(1, 1)).current == 1);
}

}  // namespace mesa
