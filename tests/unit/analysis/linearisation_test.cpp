#include "analysis/linearisation.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "complete_pass.h"
#include "core/error.h"
#include "evaluate/sequences.h"
#include "random_numbers.h"

namespace mesa {
namespace {

constexpr int kLength = 8;
constexpr int kWidth = 6;
constexpr int kKeySize = 4;
constexpr int kHeads = 2;

/// Softmax layers around a mesa layer; the first one sees positions.
ModelConfig small_model() {
  ModelConfig model{.positions = kLength, .width = kWidth, .output_size = 3, .embedded_size = 3, .layers = 3};
  model.attention = {AttentionKind::softmax, AttentionKind::mesa, AttentionKind::softmax};
  model.heads = kHeads;
  model.key_size = kKeySize;
  model.positional_encoding = true;
  return model;
}

Subject small_subject(std::span<const float> parameters) {
  Subject subject{};
  subject.task.observation_size = 3;
  subject.task.sequence_length = kLength;
  subject.tokens = TokenKind::raw;
  subject.model = small_model();
  subject.parameters = parameters;
  subject.seed = 5;
  return subject;
}

std::vector<float> some_parameters() {
  return test::normal_numbers<float>(ParameterTable(small_model()).size, 1, 0.4F);
}

Effort effort_of(int updates, int threads = 1) {
  Effort effort;
  effort.updates = updates;
  effort.threads = threads;
  return effort;
}

Eigen::MatrixXd to_eigen(MatrixView<const float> view) {
  Eigen::MatrixXd matrix(view.rows, view.columns);
  for (int i = 0; i < view.rows; ++i) {
    for (int j = 0; j < view.columns; ++j) matrix(i, j) = view(i, j);
  }
  return matrix;
}

/// What an attention layer adds to the residual stream, by its definition. encoding may be empty.
Eigen::MatrixXd attention_by_definition(const Eigen::MatrixXd& input, const Eigen::MatrixXd& encoding,
                                        const AttentionWeights<const float>& weights, bool normalise,
                                        bool softmax) {
  Eigen::MatrixXd queries = input * to_eigen(weights.query);
  Eigen::MatrixXd keys = input * to_eigen(weights.key);
  const Eigen::MatrixXd values = input * to_eigen(weights.value);
  if (encoding.size() > 0) {
    queries += encoding * to_eigen(weights.query_position);
    keys += encoding * to_eigen(weights.key_position);
  }
  Eigen::MatrixXd mixed = Eigen::MatrixXd::Zero(kLength, kHeads * kKeySize);
  for (int h = 0; h < kHeads; ++h) {
    const int first = h * kKeySize;
    if (normalise) queries.middleCols(first, kKeySize).rowwise().normalize();
    if (normalise) keys.middleCols(first, kKeySize).rowwise().normalize();
    for (int t = 0; t < kLength; ++t) {
      double sum = 0;
      for (int past = 0; past <= t; ++past) {
        const double logit =
            queries.row(t).segment(first, kKeySize).dot(keys.row(past).segment(first, kKeySize));
        const double weight = softmax ? std::exp(logit / std::sqrt(double(kKeySize))) : logit;
        sum += weight;
        mixed.row(t).segment(first, kKeySize) += weight * values.row(past).segment(first, kKeySize);
      }
      if (softmax) mixed.row(t).segment(first, kKeySize) /= sum;
    }
  }
  return mixed * to_eigen(weights.output);
}

/// The products of an imitation's outputs and the trained softmax layer's, summed.
struct Likeness {
  double given = 0;
  double both = 0;
  double wanted = 0;

  [[nodiscard]] double relative_error() const { return (given - 2 * both + wanted) / wanted; }
  /// The error of the imitation times the best factor, both / given.
  [[nodiscard]] double best_scaled_error() const { return 1 - both * both / given / wanted; }
};

Likeness likeness(const Subject& subject, int layer, std::span<const float> imitation) {
  const ParameterTable table(subject.model);
  const auto wanted_weights = table.weights(subject.parameters.data()).layers[std::size_t(layer)].attention;
  const auto given_weights = table.weights(imitation.data()).layers[std::size_t(layer)].attention;
  test::CompletePass<float> pass(subject.model);
  Eigen::MatrixXd encoding;
  if (layer == 0) encoding = to_eigen(pass.workspace.encoding());
  Likeness sums;
  for (const RowMatrix& states :
       draw_sequences(subject.task, subject.seed, RandomPurpose::held_out, kErrorSequences)) {
    pass.run(subject.tokens, states, {subject.parameters.begin(), subject.parameters.end()});
    const Eigen::MatrixXd input = to_eigen(pass.workspace.residual(layer, 0));
    const bool normalise = subject.model.normalise_query_key;
    const Eigen::MatrixXd wanted = attention_by_definition(input, encoding, wanted_weights, normalise, true);
    const Eigen::MatrixXd given = attention_by_definition(input, encoding, given_weights, normalise, false);
    sums.given += given.squaredNorm();
    sums.both += given.cwiseProduct(wanted).sum();
    sums.wanted += wanted.squaredNorm();
  }
  return sums;
}

}  // namespace

TEST_CASE("one softmax layer becomes linear, the others stay", "[analysis]") {
  using enum AttentionKind;
  ModelConfig model = small_model();
  CHECK(with_linear_layer(model, 2).attention == std::vector{softmax, mesa, linear});
  model.attention = {softmax};
  CHECK(with_linear_layer(model, 1).attention == std::vector{softmax, linear, softmax});
  CHECK(ParameterTable(with_linear_layer(model, 1)).size == ParameterTable(model).size);
}

TEST_CASE("linear layers learn to imitate softmax layers, with the error that is reported", "[analysis]") {
  const std::vector<float> parameters = some_parameters();
  const Subject subject = small_subject(parameters);
  const std::vector<LinearisedLayer> layers = linearise_layers(subject, effort_of(300));
  REQUIRE(layers.size() == 2);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    INFO("layer " << layers[i].layer << ", error " << layers[i].start_error << " to " << layers[i].error);
    CHECK(layers[i].layer == 2 * int(i));
    // The initial scale is fitted to few sequences, so on others it may be a little worse than zero.
    CHECK(layers[i].start_error < 1.1);
    CHECK(layers[i].error < 0.8 * layers[i].start_error);
    CHECK(layers[i].error ==
          Approx(likeness(subject, layers[i].layer, layers[i].parameters).relative_error()).epsilon(1e-3));
  }
}

TEST_CASE("imitations start as the layer's own weights, times what fits best", "[analysis]") {
  const std::vector<float> parameters = some_parameters();
  for (const bool normalise : {false, true}) {
    Subject subject = small_subject(parameters);
    subject.model.normalise_query_key = normalise;
    for (const LinearisedLayer& layer : linearise_layers(subject, effort_of(1))) {
      const Likeness unscaled = likeness(subject, layer.layer, parameters);
      INFO("layer " << layer.layer << ", normalised " << normalise << ", factor "
                    << unscaled.both / unscaled.given);
      // The factor is fitted to few other sequences, which costs little; no factor would cost more.
      CHECK(layer.start_error < 1.05 * unscaled.best_scaled_error());
      CHECK(unscaled.relative_error() > 1.3 * unscaled.best_scaled_error());
      // One update changes almost nothing.
      CHECK(layer.start_error == Approx(layer.error).epsilon(0.05));
    }
  }
}

TEST_CASE("only the attention of the layer that is linearised changes, whatever the number of threads",
          "[analysis]") {
  const std::vector<float> parameters = some_parameters();
  const Subject subject = small_subject(parameters);
  const std::vector<LinearisedLayer> layers = linearise_layers(subject, effort_of(5));
  const std::vector<LinearisedLayer> threaded = linearise_layers(subject, effort_of(5, 3));
  for (std::size_t i = 0; i < layers.size(); ++i) {
    CHECK(threaded[i].parameters == layers[i].parameters);
    const std::string prefix = "layers." + std::to_string(layers[i].layer) + ".attention.";
    for (const TensorInfo& tensor : ParameterTable(subject.model).tensors) {
      const std::size_t end = tensor.offset + tensor.size();
      const bool changes = tensor.name.starts_with(prefix);
      for (std::size_t j = tensor.offset; j < end; ++j) {
        if (changes == (layers[i].parameters[j] == parameters[j])) FAIL(tensor.name);
      }
    }
  }
}

TEST_CASE("a model without softmax layers cannot be linearised", "[analysis]") {
  const std::vector<float> parameters = some_parameters();
  Subject subject = small_subject(parameters);
  subject.model.attention = {AttentionKind::mesa, AttentionKind::linear};
  CHECK_THROWS_AS(check_linearisation(subject), Error);
}

}  // namespace mesa
