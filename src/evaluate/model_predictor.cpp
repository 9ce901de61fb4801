#include "evaluate/model_predictor.h"

#include <cassert>
#include <utility>

#include "model/fused_weights.h"
#include "model/transformer.h"

namespace mesa {
namespace {

using FloatMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Every copy has its own workspace, since copies may work at the same time.
class ModelPredictor {
 public:
  ModelPredictor(CompiledModel model, const TokenConfig& tokens, std::vector<float> parameters)
      : model_(std::move(model)),
        tokens_(tokens),
        parameters_(std::move(parameters)),
        workspace_(model_, 1, Passes::forward) {}
  ModelPredictor(const ModelPredictor& other)
      : ModelPredictor(other.model_, other.tokens_, other.parameters_) {}
  ModelPredictor(ModelPredictor&&) = default;
  ModelPredictor& operator=(const ModelPredictor&) = delete;
  ModelPredictor& operator=(ModelPredictor&&) = delete;
  ~ModelPredictor() = default;

  RowMatrix operator()(const RowMatrix& states) {
    write_tokens(tokens_, view_of(states), workspace_.tokens());
    forward(model_, model_.fused.weights(std::as_const(parameters_).data()), workspace_);
    const MatrixView<float> predictions = workspace_.predictions();
    return Eigen::Map<const FloatMatrix, 0, Eigen::OuterStride<>>(
               predictions.data, predictions.rows, predictions.columns,
               Eigen::OuterStride<>(predictions.row_stride))
        .cast<double>();
  }

 private:
  CompiledModel model_;
  TokenConfig tokens_;
  std::vector<float> parameters_;
  Workspace<float> workspace_;
};

}  // namespace

Predictor model_predictor(const CompiledModel& model, const TokenConfig& tokens,
                          std::vector<float> fused_parameters) {
  assert(fused_parameters.size() == model.fused.size);
  return ModelPredictor(model, tokens, std::move(fused_parameters));
}

Predictor model_predictor(const ModelConfig& model, const TokenConfig& tokens,
                          std::span<const float> parameters) {
  const CompiledModel compiled = fused_model(model, tokens);
  assert(parameters.size() == compiled.own.size);
  std::vector<float> fused(compiled.fused.size);
  fuse_weights(compiled, compiled.own.weights(parameters.data()), compiled.fused.weights(fused.data()));
  return model_predictor(compiled, tokens, std::move(fused));
}

}  // namespace mesa
