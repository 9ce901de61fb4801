#include "model/workspace.h"

#include <algorithm>

#include "core/simd.h"
#include "nn/positional_encoding.h"

namespace mesa {

template <class Scalar>
LayerActivations<Scalar>::LayerActivations(const LayerPlan& plan, int width, int sequences, int positions,
                                           Arena<Scalar>& arena)
    : plan(plan), attention(plan.attention, sequences, positions, arena) {
  const int rows = sequences * positions;
  if (plan.has_norm) attention_norm = {rows, width, arena};
  if (plan.mlp_size == 0) return;
  if (plan.has_norm) mlp_norm = {rows, width, arena};
  between = arena.matrix(rows, width);
  mlp = {rows, plan.mlp_size, arena};
}

template <class Scalar>
LayerGradients<Scalar>::LayerGradients(const LayerActivations<Scalar>& layer, int rows, int width,
                                       Arena<Scalar>& arena)
    : attention(layer.attention, arena) {
  if (layer.plan.mlp_size > 0) mlp = {rows, layer.plan.mlp_size, arena};
  if (layer.plan.has_norm) normalised = arena.matrix(rows, width);
}

template <class Scalar>
Workspace<Scalar>::Views::Views(const CompiledModel& model, int sequences, Passes passes,
                                Arena<Scalar>& arena) {
  const ModelConfig& config = model.config;
  const int positions = config.positions;
  const int rows = sequences * positions;
  if (config.embedded_size > 0) embedded = arena.matrix(rows, config.embedded_size);
  if (config.positional_encoding) encoding = arena.matrix(positions, config.width);
  for (int depth = 0; depth <= config.layers; ++depth) residuals.push_back(arena.matrix(rows, config.width));
  predictions = config.embedded_size > 0 ? arena.matrix(rows, config.output_size)
                                         : residuals.back().column_range(0, config.output_size);

  layers.reserve(model.fused.layers.size());
  double most_scratch = 0;
  for (const LayerPlan& plan : model.fused.layers) {
    layers.emplace_back(plan, config.width, sequences, positions, arena);
    most_scratch = std::max(most_scratch, layers.back().attention.mechanism->memory().scratch);
  }
  Scalar* const scratch = arena.numbers(most_scratch);
  for (LayerActivations<Scalar>& layer : layers) layer.attention.scratch = scratch;
  if (passes == Passes::forward) return;

  residual_gradient = arena.matrix(rows, config.width);
  prediction_gradient = config.embedded_size > 0 ? arena.matrix(rows, config.output_size)
                                                 : residual_gradient.column_range(0, config.output_size);
  const Arena<Scalar> start = arena;
  for (const LayerActivations<Scalar>& layer : layers) {
    Arena<Scalar> shared = start;
    layer_gradients.emplace_back(layer, rows, config.width, shared);
    arena.share(shared);
  }
}

template <class Scalar>
double Workspace<Scalar>::numbers(const CompiledModel& model, int sequences, Passes passes) {
  Arena<Scalar> arena;
  const Views views(model, sequences, passes, arena);
  return arena.used();
}

template <class Scalar>
Workspace<Scalar>::Workspace(const CompiledModel& model, int sequences, Passes passes)
    : sequences_(sequences),
      positions_(model.config.positions),
      block_(numbers(model, sequences, passes)),
      views_([&] {
        Arena<Scalar> arena = block_.arena();
        return Views(model, sequences, passes, arena);
      }()) {
  if (views_.encoding.data) fill_positional_encoding(views_.encoding);
}

template <class Scalar>
void Workspace<Scalar>::set_sequences(int sequences) {
  sequences_ = sequences;
  for (LayerActivations<Scalar>& layer : views_.layers) layer.attention.sequences = sequences;
}

template <class Scalar>
void Workspace<Scalar>::clear_gradients() {
  for (const MatrixView<Scalar>& gradient : {views_.residual_gradient, views_.prediction_gradient}) {
    for (int row = 0; row < gradient.rows; ++row) store_zeros(&gradient(row, 0), gradient.columns);
  }
}

template struct LayerActivations<float>;
template struct LayerActivations<double>;
template struct LayerGradients<float>;
template struct LayerGradients<double>;
template class Workspace<float>;
template class Workspace<double>;

}  // namespace mesa
