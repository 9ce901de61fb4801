#include "analysis/compression.h"

#include <cassert>
#include <utility>

#include "analysis/requirements.h"
#include "analysis/weight_products.h"
#include "core/error.h"
#include "core/help.h"
#include "evaluate/model_predictor.h"
#include "model/fused_weights.h"

namespace mesa {
namespace {

/// Replaces each block [d, d] of `product` [D, D] by the mean of its diagonal times the identity.
void compress(const MatrixView<float>& product, int block_size) {
  const RowMatrix means = block_diagonal_means(to_matrix(read_only(product)), block_size);
  for (int row = 0; row < product.rows; ++row) {
    for (int column = 0; column < product.columns; ++column) {
      const bool on_diagonal = row % block_size == column % block_size;
      product(row, column) = on_diagonal ? float(means(row / block_size, column / block_size)) : 0;
    }
  }
}

}  // namespace

ProductModel trained_products(const ModelConfig& model, std::span<const float> parameters) {
  CompiledModel compiled = product_model(model);
  std::vector<float> products(compiled.fused.size);
  fuse_weights(compiled, compiled.own.weights(parameters.data()), compiled.fused.weights(products.data()));
  return {std::move(compiled), std::move(products)};
}

ProductModel compressed_products(const ModelConfig& model, std::span<const float> parameters) {
  assert(model.width % model.output_size == 0);
  ProductModel products = trained_products(model, parameters);
  const auto weights = products.model.fused.weights(products.parameters.data());
  for (const LayerWeights<float>& layer : weights.layers) {
    for (int head = 0; head < model.heads; ++head) {
      compress(layer.attention.query.column_range(head * model.width, model.width), model.output_size);
      compress(layer.attention.output.row_range(head * model.width, model.width), model.output_size);
    }
  }
  return products;
}

int compressed_size(const ModelConfig& model) {
  const int blocks = model.width / model.output_size;
  return 2 * model.heads * model.layers * blocks * blocks;
}

ProductModel interpolate(const ProductModel& trained, const ProductModel& compressed, double share) {
  assert(trained.parameters.size() == compressed.parameters.size());
  ProductModel between = compressed;
  for (std::size_t i = 0; i < between.parameters.size(); ++i) {
    between.parameters[i] =
        float(share * trained.parameters[i] + (1 - share) * double(compressed.parameters[i]));
  }
  return between;
}

CompressionLosses compression_losses(const Subject& subject, std::span<const double> shares,
                                     const Effort& effort) {
  const ModelConfig& model = subject.model;
  const DrawnSequences held_out(subject.task, subject.seed, RandomPurpose::held_out, effort.sequences);
  const ProductModel trained = trained_products(model, subject.parameters);
  const ProductModel compressed = compressed_products(model, subject.parameters);
  CompressionLosses losses{int(subject.parameters.size()), compressed_size(model), {}, {}};
  for (const double share : shares) {
    const ProductModel between = interpolate(trained, compressed, share);
    losses.shares.push_back(share);
    losses.loss.push_back(in_context_loss(
        held_out, model_predictor(between.model, subject.tokens, between.parameters), effort.threads));
    effort.progress(double(losses.loss.size()) / double(shares.size()));
  }
  return losses;
}

void check_compression(const Subject& subject) {
  const ModelConfig& model = subject.model;
  if (!all_layers(model, AttentionKind::linear)) {
    constexpr std::string_view kLinear[] = {"linear"};
    throw needs("attention", kLinear, attention_text(model),
                help("expected linear layers only, as in the preset linear-2"));
  }
  require_off("normalise_query_key", model.normalise_query_key);
  require_off("positional_encoding", model.positional_encoding);
  if (model.width % model.output_size != 0) {
    throw not_multiple("width", "observation_size", model.output_size, model.width);
  }
}

Record analyze_compression(const Subject& subject, const Effort& effort) {
  constexpr double kQuarters[] = {0, 0.25, 0.5, 0.75, 1};
  const CompressionLosses losses = compression_losses(subject, kQuarters, effort);
  std::vector<double> means;
  std::vector<double> errors;
  for (const LossCurve& loss : losses.loss) {
    means.push_back(loss.mean);
    errors.push_back(loss.standard_error);
  }
  return {{"numbers",
           Record{{"trained", double(losses.trained_size)}, {"compressed", double(losses.compressed_size)}}},
          {"share_of_trained", losses.shares},
          {"loss", means},
          {"standard_error", errors}};
}

}  // namespace mesa
