#include "evaluate/model_predictor.h"

#include <cassert>

#include "model/product_form.h"
#include "model/transformer.h"

namespace mesa {
namespace {

using FloatMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Predictor predictor_of(const ModelConfig& model, const TokenConfig& tokens, std::vector<float> parameters) {
  // The activations are scratch memory: every copy of the predictor has its own.
  return [=, table = ParameterTable(model), parameters = std::move(parameters),
          activations = Activations<float>(model, 1)](const RowMatrix& states) mutable -> RowMatrix {
    const FloatMatrix narrowed = states.cast<float>();
    write_tokens(tokens, {narrowed.data(), int(narrowed.rows()), int(narrowed.cols())},
                 activations.tokens(0));
    forward(table, parameters.data(), activations, Pass::predictions);
    const MatrixView<float> predictions = activations.predictions(0);
    return Eigen::Map<const FloatMatrix, 0, Eigen::OuterStride<>>(
               predictions.data, predictions.rows, predictions.columns,
               Eigen::OuterStride<>(predictions.row_stride))
        .cast<double>();
  };
}

}  // namespace

Predictor model_predictor(const ModelConfig& model, const TokenConfig& tokens,
                          std::span<const float> parameters) {
  assert(parameters.size() == ParameterTable(model).size);
  if (!model.shapes.empty()) return predictor_of(model, tokens, {parameters.begin(), parameters.end()});
  const ProductForm form = cheapest_form(model, tokens);
  std::vector<float> products(ParameterTable(form.config).size);
  multiply_out(model, form, parameters.data(), products.data());
  return predictor_of(form.config, tokens, std::move(products));
}

}  // namespace mesa
