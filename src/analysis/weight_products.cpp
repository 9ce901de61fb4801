#include "analysis/weight_products.h"

namespace mesa {

RowMatrix to_matrix(MatrixView<const float> view) {
  RowMatrix matrix(view.rows, view.columns);
  for (int i = 0; i < view.rows; ++i) {
    for (int j = 0; j < view.columns; ++j) matrix(i, j) = view(i, j);
  }
  return matrix;
}

WeightProducts weight_products(const ModelConfig& model, std::span<const float> parameters, int layer,
                               int head) {
  const ParameterTable table(model);
  const AttentionWeights<const float> weights =
      table.weights(parameters.data()).layers[std::size_t(layer)].attention;
  const int first = head * model.key_size;
  const auto columns = [&](MatrixView<const float> weight) {
    return to_matrix(weight.column_range(first, model.key_size));
  };
  // lazyProduct: entry by entry, since Eigen's blocked product is large and these matrices are small.
  return {columns(weights.query).lazyProduct(columns(weights.key).transpose()),
          columns(weights.value).lazyProduct(to_matrix(weights.output.row_range(first, model.key_size)))};
}

double share_above(const RowMatrix& product, double fraction) {
  const double limit = fraction * product.cwiseAbs().maxCoeff();
  return double((product.cwiseAbs().array() > limit).count()) / double(product.size());
}

RowMatrix block_diagonal_means(const RowMatrix& product, int block_size) {
  const Eigen::Index blocks = product.rows() / block_size;
  RowMatrix means(blocks, blocks);
  for (Eigen::Index row = 0; row < blocks; ++row) {
    for (Eigen::Index column = 0; column < blocks; ++column) {
      means(row, column) =
          product.block(row * block_size, column * block_size, block_size, block_size).diagonal().mean();
    }
  }
  return means;
}

}  // namespace mesa
