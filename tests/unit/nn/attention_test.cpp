#include "nn/attention.h"

#include <Eigen/Cholesky>
#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "gradient_check.h"
#include "random_numbers.h"

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

/// Every kind and option at odd sizes: one position, one head, one channel, sizes that fill no SIMD vector.
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
            std::size_t(6) * c.width * projection() + 2 * std::size_t(c.heads), 3, 0.5F)) {}

  [[nodiscard]] int projection() const { return c.heads * c.key_size; }
  [[nodiscard]] int rows() const { return c.sequences * c.positions; }
  [[nodiscard]] MatrixView<const double> input_view() const { return {input.data(), rows(), c.width}; }
  [[nodiscard]] MatrixView<const double> encoding_view() const {
    if (!c.encodes_position) return {};
    return {encoding.data(), c.positions, c.width};
  }

  template <class Scalar>
  AttentionWeights<Scalar> views(Scalar* buffer) const {
    const auto next = [&](int rows, int columns) {
      const MatrixView<Scalar> view(buffer, rows, columns);
      buffer += std::ptrdiff_t(rows) * columns;
      return view;
    };
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
  [[nodiscard]] AttentionActivations<double> activations() const {
    return {{c.kind, c.heads, c.key_size, c.normalise_query_key}, c.sequences, c.positions};
  }

  /// The residual stream after the layer.
  [[nodiscard]] std::vector<double> run(AttentionActivations<double>& scratch) const {
    std::vector<double> residual = input;
    attention_forward<double>(input_view(), encoding_view(), weight_views(), scratch,
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

/// Mixed values of one head at position t from queries, keys and values [T, K], by the definition of its
/// kind.
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
      const double lambda = c.kind == AttentionKind::mesa ? std::exp(w.log_inverse_ridge(0, h)) : 0;
      const double gamma = c.forgets ? 1 / (1 + std::exp(-w.forget_logit(0, h))) : 1;
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

}  // namespace

TEST_CASE("every kind of attention equals its definition at odd sizes", "[nn]") {
  for (const Case& c : all_cases()) {
    const Layer layer(c);
    auto activations = layer.activations();
    const auto fast = layer.run(activations);
    const auto slow = slow_attention(layer);
    INFO(describe(c));
    for (std::size_t i = 0; i < fast.size(); ++i)
      CHECK(fast[i] == Approx(slow[i]).epsilon(1e-8).margin(1e-8));
  }
}

TEST_CASE("every kind of attention's gradients equal central differences at odd sizes", "[nn]") {
  for (const Case& c : all_cases()) {
    Layer layer(c);
    auto activations = layer.activations();
    AttentionActivations<double> activation_gradients({AttentionKind::linear, c.heads, c.key_size},
                                                      c.sequences, c.positions);
    // The loss is a random linear function of the output, so its gradient there is `direction`.
    const auto direction = test::normal_numbers<double>(layer.input.size(), 4);
    const auto loss = [&] {
      const auto output = layer.run(activations);
      double sum = 0;
      for (std::size_t i = 0; i < output.size(); ++i) sum += output[i] * direction[i];
      return sum;
    };

    loss();
    std::vector<double> input_gradient = direction;
    const MatrixView<double> gradient_view(input_gradient.data(), layer.rows(), c.width);
    std::vector<double> weight_gradient(layer.weights.size(), 0);
    attention_backward<double>(layer.input_view(), layer.encoding_view(), layer.weight_views(), activations,
                               read_only(gradient_view), gradient_view, layer.views(weight_gradient.data()),
                               activation_gradients);

    INFO(describe(c));
    CHECK(test::gradient_error(layer.input, input_gradient, loss) < 1e-6);
    CHECK(test::gradient_error(layer.weights, weight_gradient, loss) < 1e-6);
  }
}

TEST_CASE("the mesa recursion equals a direct solve over 200 positions", "[nn]") {
  const Case c{AttentionKind::mesa, false, false, false, 1, 200, 8, 1, 20};
  const Matrix queries = Matrix::Map(test::normal_numbers<double>(4000, 5).data(), 20, 200).transpose();
  const Matrix keys = Matrix::Map(test::normal_numbers<double>(4000, 6).data(), 20, 200).transpose();
  const Matrix values = Matrix::Map(test::normal_numbers<double>(4000, 7).data(), 20, 200).transpose();
  const auto worst_error = [&]<class Scalar>(Scalar) {
    using RowMajor = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    const RowMajor q = queries.cast<Scalar>();
    const RowMajor k = keys.cast<Scalar>();
    const RowMajor v = values.cast<Scalar>();
    RowMajor mixed(200, 20);
    RowMajor gains(200, 20);
    RowMajor denominators(200, 1);
    RowMajor errors(200, 20);
    RowMajor scores(200, 200);
    mesa_attention_forward<Scalar>({q.data(), 200, 20}, {k.data(), 200, 20}, {v.data(), 200, 20}, {1, 1},
                                   {{gains.data(), 200, 20},
                                    {denominators.data(), 200, 1},
                                    {errors.data(), 200, 20},
                                    {scores.data(), 200, 200}},
                                   {mixed.data(), 200, 20});

    double worst = 0;
    for (int t = 0; t < 200; ++t) {
      const Eigen::RowVectorXd expected = mix_slowly(c, queries, keys, values, t, 1, 1);
      worst = std::max(worst, (mixed.row(t).template cast<double>() - expected).norm() / expected.norm());
    }
    return worst;
  };
  CHECK(worst_error(float()) < 1e-4);
  CHECK(worst_error(double()) < 1e-10);
}

TEST_CASE("the mesa layer's gradients keep their digits in float, also where lambda is large", "[nn]") {
  static constexpr int kPositions = 50;
  static constexpr int kSize = 20;
  const auto gradients = [&]<class Scalar>(const MesaScalars<Scalar>& scalars) {
    using Numbers = std::vector<Scalar>;
    const auto view = [](Numbers& numbers) {
      return MatrixView<Scalar>(numbers.data(), kPositions, int(numbers.size()) / kPositions);
    };
    const auto given = [](std::uint32_t salt) {
      return test::normal_numbers<Scalar>(kPositions * kSize, salt);
    };
    Numbers queries = given(1);
    Numbers keys = given(2);
    Numbers values = given(3);
    Numbers direction = given(4);
    Numbers gains(queries), errors(queries), mixed(queries);
    Numbers d_queries(queries), d_keys(queries), d_values(queries);
    Numbers denominators(kPositions), scores(kPositions * kPositions), d_scores(scores);
    const MesaActivations<Scalar> activations{view(gains), view(denominators), view(errors), view(scores)};
    mesa_attention_forward<Scalar>(view(queries), view(keys), view(values), scalars, activations,
                                   view(mixed));
    mesa_attention_backward<Scalar>(view(queries), view(keys), scalars, activations, view(direction),
                                    view(d_scores), view(d_queries), view(d_keys), view(d_values));
    std::vector<double> all(d_queries.begin(), d_queries.end());
    all.insert(all.end(), d_keys.begin(), d_keys.end());
    all.insert(all.end(), d_values.begin(), d_values.end());
    return all;
  };
  for (const double lambda : {1.0, 100.0}) {
    for (const double gamma : {1.0, 0.98}) {
      const auto exact = gradients(MesaScalars<double>{lambda, gamma});
      const auto rounded = gradients(MesaScalars<float>{float(lambda), float(gamma)});
      double error = 0;
      double size = 0;
      for (std::size_t i = 0; i < exact.size(); ++i) {
        error += (rounded[i] - exact[i]) * (rounded[i] - exact[i]);
        size += exact[i] * exact[i];
      }
      INFO("lambda " << lambda << " gamma " << gamma);
      CHECK(std::sqrt(error / size) < 5e-6 * lambda);
    }
  }
}

TEST_CASE("divided by lambda, mesa tends to linear attention as lambda tends to 0", "[nn]") {
  const Case c{AttentionKind::mesa, false, false, false, 1, 9, 6, 1, 5};
  Layer mesa(c);
  Case linear_case = c;
  linear_case.kind = AttentionKind::linear;
  const Layer linear(linear_case);
  auto linear_activations = linear.activations();
  const auto expected = linear.run(linear_activations);
  double previous_distance = 1e9;
  for (const double lambda : {1e-2, 1e-4, 1e-6}) {
    // A mesa layer has one.
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
    *mesa.views(mesa.weights.data()).log_inverse_ridge.data = std::log(lambda);
    auto activations = mesa.activations();
    const auto output = mesa.run(activations);
    double distance = 0;
    for (std::size_t i = 0; i < output.size(); ++i) {
      distance =
          std::max(distance, std::abs((output[i] - mesa.input[i]) / lambda - (expected[i] - mesa.input[i])));
    }
    CHECK(distance < previous_distance);
    previous_distance = distance;
  }
  CHECK(previous_distance < 1e-2);
}

}  // namespace mesa
