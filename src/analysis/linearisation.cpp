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
#include "train/schedule.h"

namespace mesa {
namespace {

constexpr int kDefaultUpdates = 1000;
constexpr int kTilesInBatch = 8;
constexpr int kBatch = kTilesInBatch * kTileSequences;
static_assert(kErrorSequences % kBatch == 0);

int updates_of(const Effort& effort) { return effort.updates > 0 ? effort.updates : kDefaultUpdates; }

std::vector<int> softmax_layers(const ModelConfig& model) {
  std::vector<int> layers;
  for (int layer = 0; layer < model.layers; ++layer) {
    if (model.attention_of(layer) == AttentionKind::softmax) layers.push_back(layer);
  }
  return layers;
}

/// What an imitation gives, and what it should: sums of their products over positions and channels.
struct Moments {
  double given = 0;
  double both = 0;
  double wanted = 0;

  void operator+=(const Moments& other) {
    given += other.given;
    both += other.both;
    wanted += other.wanted;
  }
  [[nodiscard]] double relative_error() const { return (given - 2 * both + wanted) / wanted; }
};

/// What one thread needs to run the trained model and its imitations on a tile.
class ImitationPass {
 public:
  explicit ImitationPass(const Subject& subject)
      : subject_(subject),
        layers_(softmax_layers(subject.model)),
        table_(subject.model),
        states_(std::size_t(subject.model.positions + 1) * subject.task.observation_size),
        teacher_(subject.model, kTileSequences),
        config_{AttentionKind::linear, subject.model.heads, subject.model.key_size, subject.model.key_size,
                subject.model.normalise_query_key},
        student_(config_, kTileSequences, subject.model.positions),
        student_gradient_(config_, kTileSequences, subject.model.positions),
        given_(teacher_.residuals[0].size()),
        wanted_(teacher_.residuals[0].size()) {}

  /// The sequences of this purpose and step from `first` on, kTileSequences of them. students: weights as in
  /// the model's table, of which the softmax layers are linear ones. Adds to moments, one for each softmax
  /// layer, and to gradient, where there is one, that of scale[i] times the squared error / 2 of each.
  void add_tile(RandomPurpose purpose, int step, int first, const float* students,
                std::span<const double> scales, std::span<Moments> moments, float* gradient) {
    const int positions = subject_.model.positions;
    const MatrixView<float> states(states_.data(), positions + 1, subject_.task.observation_size);
    for (int n = 0; n < kTileSequences; ++n) {
      RandomStream random(subject_.seed, purpose, std::uint32_t(step), std::uint32_t(first + n));
      generate_sequence(subject_.task, random, states);
      write_tokens(subject_.tokens, read_only(states), teacher_.tokens(n));
    }
    forward(table_, subject_.parameters.data(), teacher_);

    const auto teacher_weights = table_.weights(subject_.parameters.data());
    const auto student_weights = table_.weights(students);
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      const auto layer = std::size_t(layers_[i]);
      LayerActivations<float>& activations = teacher_.layers[layer];
      const MatrixView<float> residual = teacher_.residual(layers_[i]);
      const MatrixView<float> given(given_.data(), residual.rows, residual.columns);
      const MatrixView<float> wanted(wanted_.data(), residual.rows, residual.columns);
      const MatrixView<const float> input =
          activations.attention_norm ? MatrixView<const float>(activations.attention_norm->output.data(),
                                                               residual.rows, residual.columns)
                                     : residual;
      const MatrixView<const float> encoding =
          layer == 0 && !teacher_.encoding.empty()
              ? MatrixView<const float>(teacher_.encoding.data(), positions, subject_.model.width)
              : MatrixView<const float>();
      multiply(read_only(activations.attention.whole(activations.attention.mixed)),
               teacher_weights.layers[layer].attention.output, wanted);
      std::ranges::fill(given_, 0.F);
      attention_forward(input, encoding, student_weights.layers[layer].attention, student_, given);

      Moments& sums = moments[i];
      for (std::size_t entry = 0; entry < given_.size(); ++entry) {
        sums.given += double(given_[entry]) * given_[entry];
        sums.both += double(given_[entry]) * wanted_[entry];
        sums.wanted += double(wanted_[entry]) * wanted_[entry];
      }
      if (!gradient) continue;
      for (std::size_t entry = 0; entry < given_.size(); ++entry) {
        given_[entry] = float(scales[i]) * (given_[entry] - wanted_[entry]);
      }
      attention_backward(input, encoding, student_weights.layers[layer].attention, student_, read_only(given),
                         MatrixView<float>(), table_.weights(gradient).layers[layer].attention,
                         student_gradient_);
    }
  }

 private:
  Subject subject_;
  std::vector<int> layers_;
  ParameterTable table_;
  std::vector<float> states_;  ///< [T + 1, d]
  Activations<float> teacher_;
  AttentionConfig config_;
  AttentionActivations<float> student_;
  AttentionActivations<float> student_gradient_;
  std::vector<float> given_;   ///< [N T, D], what the imitation adds to the residual stream
  std::vector<float> wanted_;  ///< [N T, D], what the trained layer does
};

/// Where the weights of a layer's attention lie in the flat buffer; they are one behind the other.
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

void scale_entries(const MatrixView<float>& weights, double factor) {
  for (int i = 0; i < weights.rows; ++i) {
    for (int j = 0; j < weights.columns; ++j) weights(i, j) *= float(factor);
  }
}

/// Multiplies what a layer of linear attention gives by `factor`, to which all its weights contribute alike.
void scale_output(const AttentionWeights<float>& weights, double factor) {
  const double each = std::sqrt(std::sqrt(std::abs(factor)));
  for (const auto& view :
       {weights.query, weights.key, weights.value, weights.query_position, weights.key_position}) {
    scale_entries(view, each);
  }
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

std::vector<LinearisedLayer> linearise_layers(const Subject& subject, const Effort& effort) {
  constexpr double kUnlimited = 1e30;
  TrainingConfig schedule;
  schedule.learning_rate = 2e-3;
  schedule.decay_steps = updates_of(effort);
  schedule.warmup_steps = schedule.decay_steps / 20;

  const std::vector<int> layers = softmax_layers(subject.model);
  const ParameterTable table(subject.model);
  std::vector<float> students(subject.parameters.begin(), subject.parameters.end());
  std::vector<double> scales(layers.size());
  std::vector<std::unique_ptr<ImitationPass>> passes;
  passes.reserve(std::size_t(effort.threads));
  for (int i = 0; i < effort.threads; ++i) passes.push_back(std::make_unique<ImitationPass>(subject));
  std::vector<std::vector<float>> gradients(kTilesInBatch, std::vector<float>(table.size));
  std::vector<std::vector<Moments>> group_moments(kTilesInBatch);
  const auto run_batch = [&](RandomPurpose purpose, int step, int first, bool with_gradient) {
    for_each_item(kTilesInBatch, effort.threads, [&](int worker, int item) {
      const auto group = std::size_t(item);
      group_moments[group].assign(layers.size(), {});
      std::ranges::fill(gradients[group], 0.F);
      passes[std::size_t(worker)]->add_tile(purpose, step, first + item * kTileSequences, students.data(),
                                            scales, group_moments[group],
                                            with_gradient ? gradients[group].data() : nullptr);
    });
    std::vector<Moments> moments = group_moments[0];
    for (std::size_t group = 1; group < gradients.size(); ++group) {
      for (std::size_t i = 0; i < layers.size(); ++i) moments[i] += group_moments[group][i];
      for (std::size_t i = 0; i < table.size; ++i) gradients[0][i] += gradients[group][i];
    }
    return moments;
  };
  const auto held_out_errors = [&] {
    std::vector<Moments> sums(layers.size());
    for (int batch = 0; batch < kErrorSequences / kBatch; ++batch) {
      const std::vector<Moments> moments = run_batch(RandomPurpose::held_out, 0, batch * kBatch, false);
      for (std::size_t i = 0; i < layers.size(); ++i) sums[i] += moments[i];
    }
    return sums;
  };

  const std::vector<Moments> first = run_batch(RandomPurpose::distillation, 0, 0, false);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    scales[i] = 1 / first[i].wanted;
    scale_output(table.weights(students.data()).layers[std::size_t(layers[i])].attention,
                 first[i].both / first[i].given);
  }
  const std::vector<Moments> at_start = held_out_errors();
  AdamWState optimiser(table.size);
  for (int update = 0; update < schedule.decay_steps; ++update) {
    run_batch(RandomPurpose::distillation, update, 0, true);
    adamw_update(optimiser, gradients[0], scheduled_learning_rate(schedule, update), 0, kUnlimited, students);
    effort.progress(double(update + 1) / schedule.decay_steps);
  }
  const std::vector<Moments> at_end = held_out_errors();

  std::vector<LinearisedLayer> linearised;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    std::vector<float> parameters(subject.parameters.begin(), subject.parameters.end());
    const auto [begin, end] = attention_range(table, layers[i]);
    std::copy(students.begin() + std::ptrdiff_t(begin), students.begin() + std::ptrdiff_t(end),
              parameters.begin() + std::ptrdiff_t(begin));
    linearised.push_back(
        {layers[i], at_start[i].relative_error(), at_end[i].relative_error(), std::move(parameters)});
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
