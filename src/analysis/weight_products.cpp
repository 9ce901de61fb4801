#include "analysis/weight_products.h"

namespace mesa {

RowMatrix to_matrix(const MatrixView<const float>& view) {
  RowMatrix matrix(view.rows, view.columns);
  for (int i = 0; i < view.rows; ++i) {
    for (int j = 0; j < view.columns; ++j) matrix(i, j) = view(i, j);
  }
  return matrix;
}

namespace {

/// Plain loops, since Eigen's products are a lot of code and these matrices are small.
template <class Left, class Right>
RowMatrix product(const Left& left, const Right& right) {
  RowMatrix product(left.rows, right.columns);
  for (int i = 0; i < left.rows; ++i) {
    for (int j = 0; j < right.columns; ++j) {
      double sum = 0;
      for (int k = 0; k < left.columns; ++k) sum += double(left(i, k)) * right(k, j);
      product(i, j) = sum;
    }
  }
  return product;
}

}  // namespace

WeightProducts weight_products(const ModelConfig& model, std::span<const float> parameters, int layer,
                               int head) {
  const ParameterTable table(model);
  const AttentionWeights<const float> weights =
      table.weights(parameters.data()).layers[std::size_t(layer)].attention;
  const int first = head * model.key_size;
  const auto columns = [&](const MatrixView<const float>& weight) {
    return weight.column_range(first, model.key_size);
  };
  return {product(columns(weights.query), columns(weights.key).transposed()),
          product(columns(weights.value), weights.output.row_range(first, model.key_size))};
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

namespace {

Record product_record(const RowMatrix& product, int block_size) {
  Record record{{"entries", product},
                {"share_above_1_percent", share_above(product, 0.01)},
                {"share_above_10_percent", share_above(product, 0.1)}};
  if (product.rows() % block_size == 0) {
    record.fields.emplace_back("block_diagonal_means", block_diagonal_means(product, block_size));
  }
  return record;
}

}  // namespace

Record analyze_weights(const Subject& subject, const Effort& /*effort*/) {
  const int block_size = subject.model.output_size;
  std::vector<Record> heads;
  for (int layer = 0; layer < subject.model.layers; ++layer) {
    for (int head = 0; head < subject.model.heads; ++head) {
      const WeightProducts products = weight_products(subject.model, subject.parameters, layer, head);
      heads.push_back({{"layer", double(layer)},
                       {"head", double(head)},
                       {"query_key", product_record(products.query_key, block_size)},
                       {"value_output", product_record(products.value_output, block_size)}});
    }
  }
  return {{"heads", heads}};
}

}  // namespace mesa
