#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "core/matrix_view.h"
#include "core/simd.h"

namespace mesa {

/// A symmetric matrix [K, K] that changes by symmetric terms of low rank. Vectors that it takes and gives
/// have `stride` numbers, K rounded up to whole SIMD vectors with zeros.
template <class Scalar>
class SymmetricMatrix {
 public:
  SymmetricMatrix(int size, Scalar diagonal)
      : size_(size),
        stride_((size + kWidth - 1) / kWidth * kWidth),
        vectors_(std::size_t(size) * stride_ / kWidth) {
    for (int i = 0; i < size; ++i) row(i)[i] = diagonal;
  }

  void copy_from(MatrixView<const Scalar> matrix) {
    for (int i = 0; i < size_; ++i) std::copy(&matrix(i, 0), &matrix(i, 0) + size_, row(i));
  }
  void copy_to(MatrixView<Scalar> matrix) const {
    for (int i = 0; i < size_; ++i) std::copy(row(i), row(i) + size_, &matrix(i, 0));
  }

  [[nodiscard]] std::vector<Scalar> make_vector() const { return std::vector<Scalar>(std::size_t(stride_)); }

  [[nodiscard]] Scalar trace() const {
    Scalar sum = 0;
    for (int i = 0; i < size_; ++i) sum += row(i)[i];
    return sum;
  }

  /// M <- scale (M + sum of left right^T over the terms), which must be symmetric; then product = M factor.
  /// One pass over M. The product may not be any of the operands.
  template <std::size_t Terms>
  void update_and_multiply(const std::array<const Scalar*, Terms>& left,
                           const std::array<const Scalar*, Terms>& right, Scalar scale, const Scalar* factor,
                           Scalar* product) {
    int column = 0;
    for (; column + 3 * kWidth <= stride_; column += 3 * kWidth) {
      update_columns<3>(column, left, right, scale, factor, product);
    }
    if (column + 2 * kWidth == stride_) {
      update_columns<2>(column, left, right, scale, factor, product);
    } else if (column + kWidth == stride_) {
      update_columns<1>(column, left, right, scale, factor, product);
    }
  }

 private:
  static constexpr int kWidth = kLanes<Scalar>;

  Scalar* row(int i) { return vectors_[0].numbers + std::size_t(i) * stride_; }
  const Scalar* row(int i) const { return vectors_[0].numbers + std::size_t(i) * stride_; }

  /// Some columns of it. With three vectors of columns and two terms the right sides and the sums take 9 of
  /// 16 registers, a row of M and its factors the rest.
  template <int Vectors, std::size_t Terms>
  void update_columns(int column, const std::array<const Scalar*, Terms>& left,
                      const std::array<const Scalar*, Terms>& right, Scalar scale, const Scalar* factor,
                      Scalar* product) {
    Vector<Scalar> term[Terms][Vectors];
    for (std::size_t i = 0; i < Terms; ++i) {
      for (int j = 0; j < Vectors; ++j) term[i][j] = load(right[i] + column + j * kWidth);
    }
    Vector<Scalar> sums[Vectors] = {};
    Scalar* entries = row(0) + column;
    for (int k = 0; k < size_; ++k, entries += stride_) {
#pragma GCC unroll 3
      for (int j = 0; j < Vectors; ++j) {
        Vector<Scalar> entry = load(entries + j * kWidth);
#pragma GCC unroll 2
        for (std::size_t i = 0; i < Terms; ++i)
          entry = multiply_add<Scalar>(broadcast(left[i][k]), term[i][j], entry);
        if (scale != 1) entry *= scale;
        store(entries + j * kWidth, entry);
        sums[j] = multiply_add<Scalar>(broadcast(factor[k]), entry, sums[j]);
      }
    }
    for (int j = 0; j < Vectors; ++j) store(product + column + j * kWidth, sums[j]);
  }

  int size_;
  int stride_;
  std::vector<AlignedLanes<Scalar>> vectors_;  ///< [K, stride]
};

}  // namespace mesa
