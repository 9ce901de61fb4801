#include "analysis/linearisation.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "analysis/requirements.h"
#include "core/error.h"
#include "core/help.h"
#include "core/matrix_product.h"
#include "core/parallel.h"
#include "core/sizes.h"
#include "evaluate/in_context_loss.h"
#include "evaluate/model_predictor.h"
#include "model/transformer.h"
#include "train/adamw.h"
#include "train/batch_sums.h"
#include "train/schedule.h"

namespace mesa {
namespace {

constexpr int kDefaultUpdates = 1000;
constexpr int kBatch = 16;
static_assert(kErrorSequences % kBatch == 0);

int updates_of(const Effort& effort) { return effort.updates > 0 ? effort.updates : kDefaultUpdates; }

std::vector<int> softmax_layers(const ModelConfig& model) {
  std::vector<int> layers;
  for (int layer = 0; layer < model.layers; ++layer) {
    if (model.attention_of(layer) == AttentionKind::softmax) layers.push_back(layer);
  }
  return layers;
}

void scale_entries(const MatrixView<float>& weights, double factor) {
  for (int i = 0; i < weights.rows; ++i) {
    for (int j = 0; j < weights.columns; ++j) weights(i, j) *= float(factor);
  }
}

/// What a layer's imitation gives and what it should: sums of products over positions and channels. They
/// stand side by side in the totals of a BatchSum, one set for each softmax layer.
enum Moment : std::size_t { kGiven, kBoth, kWanted, kMoments };

double moment_of(const std::vector<double>& totals, std::size_t layer, Moment moment) {
  return totals[layer * kMoments + moment];
}

double relative_error(const std::vector<double>& totals, std::size_t layer) {
  const auto sum = [&](Moment moment) { return moment_of(totals, layer, moment); };
  return (sum(kGiven) - 2 * sum(kBoth) + sum(kWanted)) / sum(kWanted);
}

/// The attention of a softmax layer as a linear one.
AttentionConfig linear_attention(AttentionConfig config) {
  config.kind = AttentionKind::linear;
  return config;
}

/// Memory for one imitation of a softmax layer, on a tile.
struct Student {
  Student(const CompiledModel& model, int layer, Arena<float>& arena)
      : activations(linear_attention(model.own.layers[std::size_t(layer)].attention), kTileSequences,
                    model.config.positions, arena),
        gradients(activations, arena),
        given(arena.matrix(kTileSequences * model.config.positions, model.config.width)),
        wanted(arena.matrix(kTileSequences * model.config.positions, model.config.width)) {
    activations.scratch = arena.numbers(activations.mechanism->memory().scratch);
  }

  AttentionActivations<float> activations;
  AttentionGradients<float> gradients;
  MatrixView<float> given;   ///< [N T, D], what the imitation adds to the residual stream
  MatrixView<float> wanted;  ///< [N T, D], what the trained layer does
};

/// What one thread needs to run the trained model and its imitations on a tile.
class ImitationPass {
 public:
  /// The softmax layers: at least one.
  ImitationPass(const Subject& subject, const CompiledModel& model, const std::vector<int>& layers)
      : subject_(subject),
        model_(model),
        layers_(layers),
        states_(std::size_t(subject.model.positions + 1) * subject.task.observation_size),
        teacher_(model, kTileSequences, Passes::forward),
        block_([&] {
          Arena<float> arena;
          const Student counted(model, layers[0], arena);
          return arena.used();
        }()),
        arena_(block_.arena()),
        student_(model, layers[0], arena_) {}

  /// Adds a tile of this purpose and step: its moments and, unless `scales` is empty, to the gradient that of
  /// scales[i] times the squared error / 2 of each imitation. students: weights as in the model's table, of
  /// which the softmax layers are linear ones.
  void add_tile(RandomPurpose purpose, int step, int first, int count,
                const ModelWeights<const float>& students, std::span<const double> scales, BatchSum& sum) {
    run_teacher(purpose, step, first, count);
    const auto teachers = model_.own.weights(subject_.parameters.data());
    const auto gradients = model_.own.weights(sum.gradient.data());
    student_.activations.sequences = count;
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      const auto layer = std::size_t(layers_[i]);
      const LayerActivations<float>& activations = teacher_.layer(layers_[i]);
      const MatrixView<const float> input = activations.attention_input(teacher_.residual(layers_[i]));
      const MatrixView<const float> encoding = layer == 0 ? teacher_.encoding() : MatrixView<const float>();
      const MatrixView<float> given = student_.given.row_range(0, input.rows);
      const MatrixView<float> wanted = student_.wanted.row_range(0, input.rows);
      multiply(read_only(activations.attention.outputs.row_range(0, input.rows)),
               teachers.layers[layer].attention.output, wanted);
      scale_entries(given, 0);
      attention_forward(input, encoding, students.layers[layer].attention, student_.activations, given);
      add_moments(given, wanted, &sum.totals[i * kMoments]);
      if (scales.empty()) continue;
      for (int entry = 0; entry < given.rows * given.columns; ++entry)
        given.data[entry] = float(scales[i]) * (given.data[entry] - wanted.data[entry]);
      attention_backward(input, encoding, students.layers[layer].attention, student_.activations,
                         read_only(given), MatrixView<float>(), gradients.layers[layer].attention,
                         student_.gradients);
    }
  }

 private:
  void run_teacher(RandomPurpose purpose, int step, int first, int count) {
    const MatrixView<float> states(states_.data(), subject_.model.positions + 1,
                                   subject_.task.observation_size);
    teacher_.set_sequences(count);
    for (int n = 0; n < count; ++n) {
      RandomStream random(subject_.seed, purpose, std::uint32_t(step), std::uint32_t(first + n));
      generate_sequence(subject_.task, random, states);
      write_tokens(subject_.tokens, read_only(states), teacher_.tokens(n));
    }
    forward(model_, model_.own.weights(subject_.parameters.data()), teacher_);
  }

  static void add_moments(const MatrixView<const float>& given, const MatrixView<const float>& wanted,
                          double* moments) {
    for (int entry = 0; entry < given.rows * given.columns; ++entry) {
      const double g = given.data[entry];
      const double w = wanted.data[entry];
      moments[kGiven] += g * g;
      moments[kBoth] += g * w;
      moments[kWanted] += w * w;
    }
  }

  Subject subject_;
  const CompiledModel& model_;
  const std::vector<int>& layers_;
  std::vector<float> states_;  ///< [T + 1, d]
  Workspace<float> teacher_;
  ArenaBlock<float> block_;
  Arena<float> arena_;
  Student student_;
};

/// The contiguous range of the flat buffer that holds the weights of a layer's attention.
std::pair<std::size_t, std::size_t> attention_range(const ParameterTable& table, int layer) {
  const std::string prefix = joined({"layers.", std::to_string(layer), ".attention."});
  const std::string norm = prefix + "norm";
  std::size_t first = table.size;
  std::size_t end = 0;
  for (const TensorInfo& tensor : table.tensors) {
    if (!tensor.name.starts_with(prefix) || tensor.name == norm) continue;
    first = std::min(first, tensor.offset);
    end = std::max(end, tensor.offset + tensor.size());
  }
  return {first, end};
}

/// Multiplies what a layer of linear attention gives by `factor`, to which all its weights contribute alike;
/// but normalised queries and keys contribute nothing.
void scale_output(const AttentionWeights<float>& weights, bool normalises, double factor) {
  const double root = std::sqrt(std::abs(factor));
  const double each = normalises ? root : std::sqrt(root);
  if (!normalises) {
    for (const auto& view : {weights.query, weights.key, weights.query_position, weights.key_position})
      scale_entries(view, each);
  }
  scale_entries(weights.value, each);
  scale_entries(weights.output, factor < 0 ? -each : each);
}

}  // namespace

ModelConfig with_linear_layer(const ModelConfig& model, int layer) {
  ModelConfig linear = model;
  linear.attention.clear();
  for (int i = 0; i < model.layers; ++i) {
    linear.attention.push_back(i == layer ? AttentionKind::linear : model.attention_of(i));
  }
  return linear;
}

namespace {

/// All imitations of a model, trained together on the same batches.
class Imitations {
 public:
  Imitations(const Subject& subject, int threads)
      : model_(complete_model(subject.model)),
        layers_(softmax_layers(subject.model)),
        weights_(subject.parameters.begin(), subject.parameters.end()),
        threads_(threads),
        sums_(BatchPartition(kBatch, subject.model.positions), layers_.size() * kMoments, model_.own.size) {
    for (int i = 0; i < threads; ++i)
      passes_.push_back(std::make_unique<ImitationPass>(subject, model_, layers_));
  }

  [[nodiscard]] const std::vector<int>& layers() const { return layers_; }
  std::vector<float>& weights() { return weights_; }

  /// The moments of a batch and, unless `scales` is empty, the gradient.
  const BatchSum& run_batch(RandomPurpose purpose, int step, int first, std::span<const double> scales) {
    const auto students = model_.own.weights(std::as_const(weights_).data());
    return sums_.sum_batch(threads_, [&](int worker, int tile, int count, BatchSum& sum) {
      passes_[std::size_t(worker)]->add_tile(purpose, step, first + tile, count, students, scales, sum);
    });
  }

  /// The relative error of each imitation on the first kErrorSequences held-out sequences.
  std::vector<double> held_out_errors() {
    std::vector<double> totals(layers_.size() * kMoments);
    for (int first = 0; first < kErrorSequences; first += kBatch) {
      const std::vector<double>& batch = run_batch(RandomPurpose::held_out, 0, first, {}).totals;
      for (std::size_t i = 0; i < totals.size(); ++i) totals[i] += batch[i];
    }
    std::vector<double> errors;
    for (std::size_t i = 0; i < layers_.size(); ++i) errors.push_back(relative_error(totals, i));
    return errors;
  }

 private:
  CompiledModel model_;
  std::vector<int> layers_;
  std::vector<float> weights_;
  ThreadPool threads_;
  BatchSums sums_;
  std::vector<std::unique_ptr<ImitationPass>> passes_;  ///< of each thread
};

}  // namespace

std::vector<LinearisedLayer> linearise_layers(const Subject& subject, const Effort& effort) {
  constexpr double kUnlimited = 1e30;
  TrainingConfig schedule;
  schedule.learning_rate = 2e-3;
  schedule.decay_steps = updates_of(effort);
  schedule.warmup_steps = schedule.decay_steps / 20;

  const ParameterTable table(subject.model);
  Imitations imitations(subject, effort.threads);
  const std::vector<int>& layers = imitations.layers();
  std::vector<double> scales;
  const std::vector<double> first = imitations.run_batch(RandomPurpose::distillation, 0, 0, {}).totals;
  const ModelWeights<float> weights = table.weights(imitations.weights().data());
  for (std::size_t i = 0; i < layers.size(); ++i) {
    scales.push_back(1 / moment_of(first, i, kWanted));
    scale_output(weights.layers[std::size_t(layers[i])].attention, subject.model.normalise_query_key,
                 moment_of(first, i, kBoth) / moment_of(first, i, kGiven));
  }

  const std::vector<double> start_errors = imitations.held_out_errors();
  AdamWState optimiser(table.size);
  for (int update = 0; update < schedule.decay_steps; ++update) {
    const BatchSum& sum = imitations.run_batch(RandomPurpose::distillation, update, 0, scales);
    adamw_update(optimiser, sum.gradient, scheduled_learning_rate(schedule, update), 0, kUnlimited,
                 imitations.weights());
    effort.progress(double(update + 1) / schedule.decay_steps);
  }
  const std::vector<double> errors = imitations.held_out_errors();

  std::vector<LinearisedLayer> linearised;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    std::vector<float> parameters(subject.parameters.begin(), subject.parameters.end());
    const auto [begin, end] = attention_range(table, layers[i]);
    std::copy(imitations.weights().begin() + std::ptrdiff_t(begin),
              imitations.weights().begin() + std::ptrdiff_t(end), parameters.begin() + std::ptrdiff_t(begin));
    linearised.push_back({layers[i], start_errors[i], errors[i], std::move(parameters)});
  }
  return linearised;
}

void check_linearisation(const Subject& subject) {
  if (some_layer(subject.model, AttentionKind::softmax)) return;
  constexpr std::string_view kSoftmax[] = {"softmax"};
  throw needs_some("attention", kSoftmax, attention_text(subject.model),
                   help("expected a model with a softmax layer"));
}

Record analyze_linearisation(const Subject& subject, const Effort& effort) {
  const DrawnSequences held_out(subject.task, subject.seed, RandomPurpose::held_out, effort.sequences);
  const auto loss_of = [&](const ModelConfig& model, std::span<const float> parameters) {
    return in_context_loss(held_out, model_predictor(model, subject.tokens, parameters), effort.threads);
  };
  const LossCurve trained = loss_of(subject.model, subject.parameters);
  std::vector<Record> layers;
  for (const LinearisedLayer& linearised : linearise_layers(subject, effort)) {
    const LossCurve swapped =
        loss_of(with_linear_layer(subject.model, linearised.layer), linearised.parameters);
    std::vector<float> silent(subject.parameters.begin(), subject.parameters.end());
    const ParameterTable table(subject.model);
    scale_entries(table.weights(silent.data()).layers[std::size_t(linearised.layer)].attention.output, 0);
    const LossRatio ratio = loss_ratio(swapped, trained);
    layers.push_back({{"layer", double(linearised.layer)},
                      {"loss", swapped.mean},
                      {"ratio", ratio.value},
                      {"ratio_standard_error", ratio.standard_error},
                      {"ratio_without", loss_ratio(loss_of(subject.model, silent), trained).value},
                      {"start_error", linearised.start_error},
                      {"error", linearised.error}});
  }
  return {{"updates", double(updates_of(effort))},
          {"loss", trained.mean},
          {"standard_error", trained.standard_error},
          {"layers", layers}};
}

}  // namespace mesa
