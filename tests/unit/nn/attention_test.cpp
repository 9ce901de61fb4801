#include "nn/attention.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <tuple>
#include <vector>

#include "attention_memory.h"
#include "gradient_check.h"
#include "random_numbers.h"
#include "worse_error.h"

namespace mesa {
namespace {

using Matrix = Eigen::MatrixXd;

struct Case {
  AttentionKind kind;
  bool normalise_query_key;
  bool forgets;
  bool encodes_position;
  int sequences;
  int positions;
  int width;
  int heads;
  int key_size;
};

/// Every kind and option at odd sizes: one position, head or channel, sizes that do not fill a SIMD vector.
std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (const AttentionKind kind : {AttentionKind::linear, AttentionKind::softmax, AttentionKind::mesa}) {
    for (const bool normalise : {false, true}) {
      for (const bool forgets : {false, true}) {
        if (forgets && kind != AttentionKind::mesa) continue;
        for (const bool encodes : {false, true}) {
          cases.push_back({kind, normalise, forgets, encodes, 1, 1, 1, 1, 1});
          cases.push_back({kind, normalise, forgets, encodes, 1, 1, 4, 2, 3});
          cases.push_back({kind, normalise, forgets, encodes, 2, 3, 5, 2, 3});
          cases.push_back({kind, normalise, forgets, encodes, 1, 7, 4, 1, 1});
          cases.push_back({kind, normalise, forgets, encodes, 3, 9, 6, 3, 5});
          cases.push_back({kind, normalise, forgets, encodes, 1, 19, 3, 1, 13});
        }
      }
    }
  }
  return cases;
}

/// Every kind and option at lengths below, at and above that of one chunk, with several chunks, and with a
/// last chunk of a single position.
std::vector<Case> long_cases() {
  std::vector<Case> cases;
  for (Case c : all_cases()) {
    if (c.positions != 3) continue;
    const int longest = test::longest_single_chunk(c.kind);
    for (const int positions : {63, longest - 1, longest, longest + 1, longest + 70}) {
      c.positions = positions;
      cases.push_back(c);
    }
  }
  return cases;
}

std::string describe(const Case& c) {
  return "kind " + std::to_string(int(c.kind)) + " normalise " + std::to_string(c.normalise_query_key) +
         " forgets " + std::to_string(c.forgets) + " encodes " + std::to_string(c.encodes_position) + " T " +
         std::to_string(c.positions) + " H " + std::to_string(c.heads) + " K " + std::to_string(c.key_size);
}

/// A layer with random input and weights, all weights in one flat buffer.
struct Layer {
  explicit Layer(const Case& c)
      : c(c),
        input(test::normal_numbers<double>(std::size_t(rows()) * c.width, 1)),
        encoding(test::normal_numbers<double>(std::size_t(c.positions) * c.width, 2)),
        weights(test::normal_numbers<double>(
            std::size_t(6) * c.width * projection() + 2 * std::size_t(c.heads), 3, 0.5F)) {
    // The backward pass loses digits as gamma^-T grows, so a long sequence has gammas near 0.98.
    const auto logits = views(weights.data()).forget_logit;
    if (!logits.data || c.positions < 20) return;
    for (int h = 0; h < c.heads; ++h) logits(0, h) += 4;
  }

  [[nodiscard]] int projection() const { return c.heads * c.key_size; }
  [[nodiscard]] int rows() const { return c.sequences * c.positions; }
  [[nodiscard]] MatrixView<const double> input_view() const { return {input.data(), rows(), c.width}; }
  [[nodiscard]] MatrixView<const double> encoding_view() const {
    if (!c.encodes_position) return {};
    return {encoding.data(), c.positions, c.width};
  }

  template <class Scalar>
  AttentionWeights<Scalar> views(Scalar* buffer) const {
    auto next = test::matrices_from(buffer);
    AttentionWeights<Scalar> w;
    w.query = next(c.width, projection());
    w.key = next(c.width, projection());
    w.value = next(c.width, projection());
    w.output = next(projection(), c.width);
    if (c.encodes_position) w.query_position = next(c.width, projection());
    if (c.encodes_position) w.key_position = next(c.width, projection());
    if (c.kind == AttentionKind::mesa) w.log_inverse_ridge = next(1, c.heads);
    if (c.forgets) w.forget_logit = next(1, c.heads);
    return w;
  }
  [[nodiscard]] AttentionWeights<const double> weight_views() const {
    return views<const double>(weights.data());
  }
  [[nodiscard]] test::AttentionMemory<double> memory() const {
    return {{.kind = c.kind,
             .heads = c.heads,
             .input_size = c.width,
             .key_size = c.key_size,
             .value_size = c.key_size,
             .normalise_query_key = c.normalise_query_key},
            c.sequences,
            c.positions};
  }

  /// The residual stream after the layer.
  [[nodiscard]] std::vector<double> run(const AttentionActivations<double>& activations) const {
    std::vector<double> residual = input;
    attention_forward<double>(input_view(), encoding_view(), weight_views(), activations,
                              {residual.data(), rows(), c.width});
    return residual;
  }

  Case c;
  std::vector<double> input;
  std::vector<double> encoding;
  std::vector<double> weights;
};

Matrix to_matrix(MatrixView<const double> view) {
  Matrix matrix(view.rows, view.columns);
  for (int i = 0; i < view.rows; ++i) {
    for (int j = 0; j < view.columns; ++j) matrix(i, j) = view(i, j);
  }
  return matrix;
}

/// The head output at position t from queries, keys and values [T, K], by the definition of its kind.
Eigen::RowVectorXd mix_slowly(const Case& c, const Matrix& queries, const Matrix& keys, const Matrix& values,
                              int t, double lambda, double gamma) {
  const Matrix past_keys = keys.topRows(t + 1);
  const Matrix past_values = values.topRows(t + 1);
  const Eigen::VectorXd logits = past_keys * queries.row(t).transpose();
  switch (c.kind) {
    case AttentionKind::linear: return logits.transpose() * past_values;
    case AttentionKind::softmax: {
      const Eigen::VectorXd p = (logits / std::sqrt(c.key_size)).array().exp();
      return p.transpose() * past_values / p.sum();
    }
    case AttentionKind::mesa: break;
  }
  // The minimiser of sum gamma^{t-t'} |v - Phi k|^2 + gamma^t |Phi|^2 / lambda, by its normal equations.
  Eigen::VectorXd age_weights(t + 1);
  for (int past = 0; past <= t; ++past) age_weights(past) = std::pow(gamma, t - past);
  const Matrix weighted_keys = age_weights.asDiagonal() * past_keys;
  const Matrix gram = past_keys.transpose() * weighted_keys +
                      std::pow(gamma, t + 1) / lambda * Matrix::Identity(c.key_size, c.key_size);
  const Matrix phi = gram.ldlt().solve(weighted_keys.transpose() * past_values).transpose();
  return (phi * queries.row(t).transpose()).transpose();
}

double lambda_of(const Layer& layer, int head) {
  return layer.c.kind == AttentionKind::mesa ? std::exp(layer.weight_views().log_inverse_ridge(0, head)) : 0;
}

double gamma_of(const Layer& layer, int head) {
  return layer.c.forgets ? 1 / (1 + std::exp(-layer.weight_views().forget_logit(0, head))) : 1;
}

/// The error of a mesa head's prediction at position t before it has seen it: Phi_{t-1} k_t - v_t.
Matrix prediction_errors(const Layer& layer, const HeadTensors<double>& head, int h) {
  const Matrix keys = to_matrix(head.keys);
  const Matrix values = to_matrix(head.values);
  Matrix errors = -values;
  for (int t = 1; t < layer.c.positions; ++t) {
    const Matrix next_keys = keys.bottomRows(keys.rows() - 1);
    errors.row(t) +=
        mix_slowly(layer.c, next_keys, keys, values, t - 1, lambda_of(layer, h), gamma_of(layer, h));
  }
  return errors;
}

std::vector<double> slow_attention(const Layer& layer) {
  const Case& c = layer.c;
  const auto w = layer.weight_views();
  Matrix result = to_matrix(layer.input_view());
  for (int n = 0; n < c.sequences; ++n) {
    const Matrix input = to_matrix(layer.input_view().row_range(n * c.positions, c.positions));
    for (int h = 0; h < c.heads; ++h) {
      const auto columns = [&](MatrixView<const double> weight) {
        return to_matrix(weight.column_range(h * c.key_size, c.key_size));
      };
      Matrix queries = input * columns(w.query);
      Matrix keys = input * columns(w.key);
      if (c.encodes_position) queries += to_matrix(layer.encoding_view()) * columns(w.query_position);
      if (c.encodes_position) keys += to_matrix(layer.encoding_view()) * columns(w.key_position);
      if (c.normalise_query_key) queries.rowwise().normalize();
      if (c.normalise_query_key) keys.rowwise().normalize();
      const double lambda = lambda_of(layer, h);
      const double gamma = gamma_of(layer, h);
      const Matrix output = to_matrix(w.output.row_range(h * c.key_size, c.key_size));
      for (int t = 0; t < c.positions; ++t) {
        result.row(n * c.positions + t) +=
            mix_slowly(c, queries, keys, input * columns(w.value), t, lambda, gamma) * output;
      }
    }
  }
  std::vector<double> rows;
  for (Eigen::Index r = 0; r < result.rows(); ++r)
    rows.insert(rows.end(), result.row(r).begin(), result.row(r).end());
  return rows;
}

/// Every `every`-th entry of the gradients.
void check_gradients(const Case& c, std::size_t every) {
  Layer layer(c);
  const auto memory = layer.memory();
  // The loss is a random linear function of the output, so its gradient there is `direction`.
  const auto direction = test::normal_numbers<double>(layer.input.size(), 4);
  const auto loss = [&] {
    const auto output = layer.run(memory.activations);
    double sum = 0;
    for (std::size_t i = 0; i < output.size(); ++i) sum += output[i] * direction[i];
    return sum;
  };

  loss();
  std::vector<double> input_gradient = direction;
  const MatrixView<double> gradient_view(input_gradient.data(), layer.rows(), c.width);
  std::vector<double> weight_gradient(layer.weights.size(), 0);
  attention_backward<double>(layer.input_view(), layer.encoding_view(), layer.weight_views(),
                             memory.activations, read_only(gradient_view), gradient_view,
                             layer.views(weight_gradient.data()), memory.gradients);

  INFO(describe(c));
  CHECK(test::gradient_error(layer.input, input_gradient, loss, every) < 1e-6);
  CHECK(test::gradient_error(layer.weights, weight_gradient, loss, every) < 1e-6);
  if (c.kind != AttentionKind::mesa) return;
  // All lambdas and gammas are checked separately: beside so many weights an error in them would not show.
  const auto first = layer.weight_views().log_inverse_ridge.data - layer.weights.data();
  const auto count = c.heads * (c.forgets ? 2 : 1);
  const auto part = [&](const std::vector<double>& all) {
    return std::vector<double>(all.begin() + first, all.begin() + first + count);
  };
  std::vector<double> scalars = part(layer.weights);
  const auto loss_of_scalars = [&] {
    std::copy(scalars.begin(), scalars.end(), layer.weights.begin() + first);
    return loss();
  };
  CHECK(test::gradient_error(scalars, part(weight_gradient), loss_of_scalars) < 1e-6);
}

/// A single mesa head, whose queries, keys and values [T, K] are side by side in its input [T, 3 K].
template <class Scalar>
struct MesaHead {
  MesaHead(int positions, int key_size, double lambda, double gamma)
      : positions(positions),
        key_size(key_size),
        forgets(gamma < 1),
        input(test::normal_numbers<Scalar>(std::size_t(positions) * 3 * key_size, 5)),
        weights(std::size_t(10) * key_size * key_size + 2),
        mixed(std::size_t(positions) * key_size),
        memory({.kind = AttentionKind::mesa,
                .input_size = 3 * key_size,
                .key_size = key_size,
                .value_size = key_size,
                .learns_forgetting = forgets},
               1, positions) {
    const auto w = views<Scalar>(weights.data());
    for (int k = 0; k < key_size; ++k) {
      w.query(k, k) = w.key(key_size + k, k) = w.value(2 * key_size + k, k) = w.output(k, k) = 1;
    }
    w.log_inverse_ridge(0, 0) = Scalar(std::log(lambda));
    if (forgets) w.forget_logit(0, 0) = Scalar(std::log(gamma / (1 - gamma)));
  }

  template <class Weight>
  AttentionWeights<Weight> views(Weight* buffer) const {
    auto next = test::matrices_from(buffer);
    AttentionWeights<Weight> w;
    w.query = next(3 * key_size, key_size);
    w.key = next(3 * key_size, key_size);
    w.value = next(3 * key_size, key_size);
    w.output = next(key_size, key_size);
    w.log_inverse_ridge = next(1, 1);
    if (forgets) w.forget_logit = next(1, 1);
    return w;
  }
  [[nodiscard]] MatrixView<const Scalar> input_view() const {
    return {input.data(), positions, 3 * key_size};
  }

  void forward() {
    attention_forward<Scalar>(input_view(), {}, views<const Scalar>(weights.data()), memory.activations,
                              {mixed.data(), positions, key_size});
  }
  struct Gradients {
    std::vector<Scalar> input;
    double log_lambda;
    double gamma_logit;
  };
  /// The backward pass, from the gradient [T, K] of the head output.
  Gradients backward(const std::vector<Scalar>& direction) {
    std::vector<Scalar> input_gradient(input.size());
    std::vector<Scalar> weight_gradient(weights.size());
    attention_backward<Scalar>(input_view(), {}, views<const Scalar>(weights.data()), memory.activations,
                               {direction.data(), positions, key_size},
                               {input_gradient.data(), positions, 3 * key_size},
                               views<Scalar>(weight_gradient.data()), memory.gradients);
    const auto w = views<Scalar>(weight_gradient.data());
    return {input_gradient, double(w.log_inverse_ridge(0, 0)), forgets ? double(w.forget_logit(0, 0)) : 0};
  }

  int positions;
  int key_size;
  bool forgets;
  std::vector<Scalar> input;
  std::vector<Scalar> weights;
  std::vector<Scalar> mixed;
  test::AttentionMemory<Scalar> memory;
};

}  // namespace

TEST_CASE("every kind of attention equals its definition at odd sizes", "[nn]") {
  std::vector<Case> cases = all_cases();
  const std::vector<Case> longer = long_cases();
  cases.insert(cases.end(), longer.begin(), longer.end());
  for (const Case& c : cases) {
    const Layer layer(c);
    const auto memory = layer.memory();
    const auto fast = layer.run(memory.activations);
    const auto slow = slow_attention(layer);
    INFO(describe(c));
    for (std::size_t i = 0; i < fast.size(); ++i)
      CHECK(fast[i] == Approx(slow[i]).epsilon(1e-8).margin(1e-8));
  }
}

TEST_CASE("every kind of attention's gradients equal central differences at odd sizes", "[nn]") {
  for (const Case& c : all_cases()) check_gradients(c, 1);
}

TEST_CASE("every kind of attention's gradients equal central differences over several chunks", "[nn]") {
  for (const Case& c : long_cases()) check_gradients(c, 97);
}

TEST_CASE("the scores of every kind of attention turn the values into the head output", "[nn]") {
  for (const Case& c : long_cases()) {
    const Layer layer(c);
    const auto memory = layer.memory();
    const AttentionActivations<double>& activations = memory.activations;
    std::ignore = layer.run(activations);
    INFO(describe(c));
    for (int n = 0; n < c.sequences; ++n) {
      for (int h = 0; h < c.heads; ++h) {
        std::vector<double> numbers(std::size_t(c.positions) * c.positions, 1);
        const MatrixView<double> view(numbers.data(), c.positions, c.positions);
        attention_scores<double>(layer.input_view(), layer.weight_views(), activations, n, h, view);
        const Matrix scores = to_matrix(view);
        const HeadTensors<double> head = activations.head(layer.input_view(), layer.weight_views(), n, h);
        const Matrix values =
            c.kind == AttentionKind::mesa ? prediction_errors(layer, head, h) : to_matrix(head.values);
        const Matrix expected = to_matrix(head.output);
        const Matrix mixed = scores * values;
        CHECK((mixed - expected).norm() < 1e-9 * expected.norm());
        CHECK(Matrix(scores.triangularView<Eigen::StrictlyUpper>()).norm() == 0);
        if (c.kind == AttentionKind::softmax)
          CHECK((scores.rowwise().sum().array() - 1).abs().maxCoeff() < 1e-12);
      }
    }
  }
}

TEST_CASE("the memory of every kind of attention grows linearly with the length", "[nn]") {
  for (const AttentionKind kind : {AttentionKind::linear, AttentionKind::softmax, AttentionKind::mesa}) {
    const auto numbers = [&](int positions) {
      const AttentionConfig config = {.kind = kind,
                                      .heads = 4,
                                      .input_size = 40,
                                      .key_size = 20,
                                      .value_size = 20,
                                      .normalise_query_key = true};
      return test::AttentionMemory<float>::numbers(config, 2, positions);
    };
    INFO("kind " << int(kind));
    CHECK(numbers(3200) < 2.1 * numbers(1600));
    CHECK(numbers(3200) < 1.2 * 64 * numbers(50));
  }
}

TEST_CASE("the mesa recursion equals a direct solve over 200 positions", "[nn]") {
  const Case c{AttentionKind::mesa, false, false, false, 1, 200, 60, 1, 20};
  const auto worst_error = [&]<class Scalar>(Scalar) {
    MesaHead<Scalar> head(200, 20, 1, 1);
    head.forward();
    MesaHead<double> exact(200, 20, 1, 1);
    const Matrix input = to_matrix(exact.input_view());
    double worst = 0;
    for (int t = 0; t < 200; ++t) {
      const Eigen::RowVectorXd expected =
          mix_slowly(c, input.leftCols(20), input.middleCols(20, 20), input.rightCols(20), t, 1, 1);
      double squared = 0;
      for (int k = 0; k < 20; ++k) {
        squared += std::pow(double(head.mixed[std::size_t(t) * 20 + std::size_t(k)]) - expected(k), 2);
      }
      worst = test::worse(worst, std::sqrt(squared) / expected.norm());
    }
    return worst;
  };
  CHECK(worst_error(float()) < 1e-4);
  CHECK(worst_error(double()) < 1e-10);
}

TEST_CASE("the mesa layer's gradients keep their digits in float, also where lambda is large", "[nn]") {
  // Over ten draws at most 2.5e-6 of their length are lost where lambda is 1, and 3.9e-4 where it is 100: R,
  // which begins as lambda I, keeps the rounding errors of that size once the keys have shrunk it. A longer
  // sequence loses no more, as rounding errors are forgotten like all else; a smaller gamma does, as what
  // each chunk forgets is taken out in one step: at 0.9 six times as much.
  static constexpr int kSize = 20;
  const auto gradients = []<class Scalar>(Scalar, int positions, double lambda, double gamma) {
    MesaHead<Scalar> head(positions, kSize, lambda, gamma);
    head.forward();
    return head.backward(test::normal_numbers<Scalar>(std::size_t(positions) * kSize, 4));
  };
  for (const int positions : {50, 200, 800}) {
    for (const double lambda : {1.0, 100.0}) {
      for (const double gamma : {1.0, 0.98}) {
        const auto exact = gradients(double(), positions, lambda, gamma);
        const auto rounded = gradients(float(), positions, lambda, gamma);
        INFO("T " << positions << " lambda " << lambda << " gamma " << gamma);
        CHECK(test::roundings_off(rounded.input, exact.input) < 50 * lambda);
        // Over ten draws 2e-4 and 1.1e-4 of lambda. What is left of the gradient of M where no key has been
        // is a millionth of its parts there, [S' + N Z] and M' behind the chunk: to round the former alone,
        // all else being in double, costs a third of that error.
        CHECK(std::abs(rounded.log_lambda - exact.log_lambda) < 4e-4 * lambda);
        CHECK(std::abs(rounded.gamma_logit - exact.gamma_logit) < 2e-4 * lambda);
      }
    }
  }
}

TEST_CASE("a mesa head that forgets keeps its digits in float over 800 positions", "[nn]") {
  static constexpr int kSize = 20;
  const auto mixed = []<class Scalar>(Scalar, double gamma) {
    MesaHead<Scalar> head(800, kSize, 1, gamma);
    head.forward();
    return std::vector<double>(head.mixed.end() - std::ptrdiff_t(10) * kSize, head.mixed.end());
  };
  for (const double gamma : {0.99, 0.95, 0.9}) {
    const std::vector<double> exact = mixed(double(), gamma);
    const std::vector<double> rounded = mixed(float(), gamma);
    double worst = 0;
    for (std::size_t i = 0; i < exact.size(); ++i)
      worst = test::worse(worst, std::abs(rounded[i] - exact[i]));
    INFO("gamma " << gamma);
    CHECK(worst < 1e-4);
  }
}

TEST_CASE("divided by lambda, mesa tends to linear attention as lambda tends to 0", "[nn]") {
  const Case c{AttentionKind::mesa, false, false, false, 1, 9, 6, 1, 5};
  Layer mesa(c);
  Case linear_case = c;
  linear_case.kind = AttentionKind::linear;
  const Layer linear(linear_case);
  const auto linear_memory = linear.memory();
  const auto expected = linear.run(linear_memory.activations);
  double previous_distance = 1e9;
  for (const double lambda : {1e-2, 1e-4, 1e-6}) {
    // A mesa layer has lambdas.
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
    *mesa.views(mesa.weights.data()).log_inverse_ridge.data = std::log(lambda);
    const auto memory = mesa.memory();
    const auto output = mesa.run(memory.activations);
    double distance = 0;
    for (std::size_t i = 0; i < output.size(); ++i) {
      distance = test::worse(distance,
                             std::abs((output[i] - mesa.input[i]) / lambda - (expected[i] - mesa.input[i])));
    }
    CHECK(distance < previous_distance);
    previous_distance = distance;
  }
  CHECK(previous_distance < 1e-2);
}

}  // namespace mesa
