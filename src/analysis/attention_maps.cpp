#include "analysis/attention_maps.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "analysis/sum_over_sequences.h"
#include "core/matrix_product.h"
#include "core/parallel.h"
#include "evaluate/sequences.h"
#include "model/transformer.h"

namespace mesa {
namespace {

/// Sequences that are in memory at a time, with all their activations.
constexpr int kChunk = 4;

/// Earlier positions have too few others to attend to.
constexpr Eigen::Index kFirstCounted = 7;

}  // namespace

std::vector<RowMatrix> mean_absolute_scores(const Subject& subject, const Effort& effort) {
  const ModelConfig& model = subject.model;
  const int positions = model.positions;
  const CompiledModel compiled = complete_model(model);
  const ModelWeights<const float> weights = compiled.own.weights(subject.parameters.data());
  const DrawnSequences sequences(subject.task, subject.seed, RandomPurpose::held_out, effort.sequences);
  std::vector<Workspace<float>> chunk;
  chunk.reserve(kChunk);
  for (int i = 0; i < kChunk; ++i) chunk.emplace_back(compiled, 1, Passes::forward);
  std::vector<RowMatrix> maps(std::size_t(model.layers * model.heads), RowMatrix::Zero(positions, positions));
  for (int first = 0; first < sequences.size(); first += kChunk) {
    const int count = std::min(kChunk, sequences.size() - first);
    for_each_item(count, effort.threads, [&](int /*worker*/, int i) {
      Workspace<float>& workspace = chunk[std::size_t(i)];
      write_tokens(subject.tokens, view_of(sequences[first + i]), workspace.tokens());
      forward(compiled, weights, workspace);
    });
    for_each_item(int(maps.size()), effort.threads, [&](int /*worker*/, int item) {
      const int layer = item / model.heads;
      Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> scores(positions, positions);
      for (int i = 0; i < count; ++i) {
        const Workspace<float>& workspace = chunk[std::size_t(i)];
        const LayerActivations<float>& a = workspace.layer(layer);
        attention_scores(a.attention_input(workspace.residual(layer)),
                         weights.layers[std::size_t(layer)].attention, a.attention, 0, item % model.heads,
                         {scores.data(), positions, positions});
        maps[std::size_t(item)] += scores.cwiseAbs().cast<double>();
      }
    });
    effort.progress(0.7 * double(first + count) / sequences.size());
  }
  for (RowMatrix& map : maps) map /= sequences.size();
  return maps;
}

NearbyShare nearby_share(const RowMatrix& map) {
  const Eigen::Index first = std::min(kFirstCounted, map.rows() - 1);
  NearbyShare share{0, 0};
  for (Eigen::Index t = first; t < map.rows(); ++t) {
    const double sum = map.row(t).sum() * double(map.rows() - first);
    if (sum == 0) continue;
    share.current += map(t, t) / sum;
    if (t > 0) share.previous += map(t, t - 1) / sum;
  }
  return share;
}

namespace {

/// A model that ends after the first layer and predicts the whole residual stream there.
ModelConfig first_layer_config(ModelConfig model) {
  model.layers = 1;
  model.output_size = model.width;
  return model;
}

/// Its parameters: the tensors that it shares with the model and, if it has a head, the identity.
template <class Scalar>
std::vector<Scalar> first_layer_parameters(const ModelConfig& model, std::span<const float> parameters) {
  const ParameterTable table(first_layer_config(model));
  const ParameterTable whole(model);
  std::vector<Scalar> values(table.size);
  for (const TensorInfo& tensor : table.tensors) {
    const auto same = std::ranges::find(whole.tensors, tensor.name, &TensorInfo::name);
    if (tensor.name == "head") continue;
    std::copy_n(parameters.begin() + std::ptrdiff_t(same->offset), tensor.size(),
                values.begin() + std::ptrdiff_t(tensor.offset));
  }
  const MatrixView<Scalar> head = table.weights(values.data()).head;
  for (int i = 0; i < head.rows; ++i) head(i, i) = 1;
  return values;
}

}  // namespace

template <class Scalar>
FirstLayer<Scalar>::FirstLayer(const ModelConfig& model, const TokenConfig& tokens,
                               std::span<const float> parameters)
    : model_(complete_model(first_layer_config(model))),
      tokens_(tokens),
      observation_size_(model.output_size),
      parameters_(first_layer_parameters<Scalar>(model, parameters)),
      unused_gradient_(parameters_.size()),
      workspace_(model_, 1) {}

template <class Scalar>
MatrixView<const Scalar> FirstLayer<Scalar>::run(const RowMatrix& states) {
  write_tokens(tokens_, view_of(states), workspace_.tokens());
  forward(model_, model_.own.weights(std::as_const(parameters_).data()), workspace_);
  return workspace_.predictions();
}

template <class Scalar>
RowMatrix FirstLayer<Scalar>::gradient(int t, std::span<const Scalar> direction) {
  const ModelConfig& config = model_.config;
  const ModelWeights<const Scalar> weights = model_.own.weights(std::as_const(parameters_).data());
  workspace_.clear_gradients();
  std::ranges::copy(direction, &workspace_.prediction_gradient()(t, 0));
  backward(model_, weights, workspace_, model_.own.weights(unused_gradient_.data()));
  MatrixView<const Scalar> of_tokens = workspace_.residual_gradient();
  std::vector<Scalar> embedded(std::size_t(config.positions) * config.embedded_size);
  if (config.embedded_size > 0) {
    const MatrixView<Scalar> of_embedded(embedded.data(), config.positions, config.embedded_size);
    multiply(of_tokens, weights.embedding.transposed(), of_embedded);
    of_tokens = of_embedded;
  }
  std::vector<Scalar> of_states(std::size_t(config.positions) * observation_size_);
  token_gradient_to_states<Scalar>(tokens_, of_tokens,
                                   {of_states.data(), config.positions, observation_size_});
  return Eigen::Map<const Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(
             of_states.data(), config.positions, observation_size_)
      .template cast<double>();
}

template class FirstLayer<float>;
template class FirstLayer<double>;

RowMatrix sensitivity(const Subject& subject, int sequences, int threads) {
  const int positions = subject.model.positions;
  const DrawnSequences drawn(subject.task, subject.seed, RandomPurpose::held_out, sequences);
  std::vector<FirstLayer<float>> layers;
  layers.reserve(std::size_t(threads));
  for (int i = 0; i < threads; ++i) layers.emplace_back(subject.model, subject.tokens, subject.parameters);
  const RowMatrix squares = sum_over_sequences(
      sequences, threads, RowMatrix::Zero(positions, positions),
      [&](int worker, int sequence, RowMatrix& sum) {
        FirstLayer<float>& layer = layers[std::size_t(worker)];
        layer.run(drawn[sequence]);
        RandomStream random(subject.seed, RandomPurpose::direction, 0, std::uint32_t(sequence));
        std::vector<float> direction(std::size_t(subject.model.width));
        for (int t = 0; t < positions; ++t) {
          random.fill_uniform(direction, -1, 1);
          for (float& sign : direction) sign = std::copysign(1.0F, sign);
          sum.row(t) += layer.gradient(t, direction).rowwise().squaredNorm().transpose();
        }
      });
  return (squares / sequences).cwiseSqrt();
}

Record analyze_attention(const Subject& subject, const Effort& effort) {
  // Every position takes a backward pass of the whole sequence, so few sequences have to suffice.
  constexpr int kMostSequences = 32;
  constexpr int kFewestSequences = 2;
  constexpr int kPositionPairs = 80000;

  const ModelConfig& model = subject.model;
  const auto share_fields = [](const NearbyShare& share) {
    return Record{{"current", share.current}, {"previous", share.previous}};
  };
  const std::vector<RowMatrix> maps = mean_absolute_scores(subject, effort);
  std::vector<Record> heads;
  std::vector<Record> layers;
  for (int layer = 0; layer < model.layers; ++layer) {
    NearbyShare mean{0, 0};
    for (int head = 0; head < model.heads; ++head) {
      const RowMatrix& map = maps[std::size_t(layer * model.heads + head)];
      const NearbyShare share = nearby_share(map);
      mean.current += share.current / model.heads;
      mean.previous += share.previous / model.heads;
      heads.push_back({{"layer", double(layer)},
                       {"head", double(head)},
                       {"current", share.current},
                       {"previous", share.previous},
                       {"scores", map}});
    }
    layers.push_back(share_fields(mean));
  }
  const RowMatrix alike = RowMatrix::Ones(model.positions, model.positions).triangularView<Eigen::Lower>();

  const int sequences = std::min(
      effort.sequences,
      std::clamp(kPositionPairs / (model.positions * model.positions), kFewestSequences, kMostSequences));
  return {{"heads", heads},
          {"layers", layers},
          {"uniform", nearby_share(alike).current},
          {"sensitivity", Record{{"sequences", double(sequences)},
                                 {"map", sensitivity(subject, sequences, effort.threads)}}}};
}

}  // namespace mesa
