#pragma once

#include <cassert>
#include <cstddef>
#include <type_traits>

namespace mesa {

/// A matrix in memory that the view does not own. Strides are in elements. Views are passed by reference,
/// since copies made modules a tenth larger and short products slower.
template <class Scalar>
struct MatrixView {
  Scalar* data = nullptr;
  int rows = 0;
  int columns = 0;
  std::ptrdiff_t row_stride = 0;
  std::ptrdiff_t column_stride = 1;

  MatrixView() = default;
  MatrixView(Scalar* data, int rows, int columns) : MatrixView(data, rows, columns, columns) {}
  MatrixView(Scalar* data, int rows, int columns, std::ptrdiff_t row_stride, std::ptrdiff_t column_stride = 1)
      : data(data), rows(rows), columns(columns), row_stride(row_stride), column_stride(column_stride) {}

  /// A writable view converts to a read-only one.
  operator MatrixView<const Scalar>() const requires(!std::is_const_v<Scalar>) {
    return {data, rows, columns, row_stride, column_stride};
  }

  Scalar& operator()(int row, int column) const {
    assert(row >= 0 && row < rows && column >= 0 && column < columns);
    return data[row * row_stride + column * column_stride];
  }

  [[nodiscard]] MatrixView row_range(int first, int count) const {
    assert(first >= 0 && first + count <= rows);
    return {data + first * row_stride, count, columns, row_stride, column_stride};
  }

  [[nodiscard]] MatrixView column_range(int first, int count) const {
    assert(first >= 0 && first + count <= columns);
    return {data + first * column_stride, rows, count, row_stride, column_stride};
  }

  [[nodiscard]] MatrixView transposed() const { return {data, columns, rows, column_stride, row_stride}; }
};

/// Returns the view as read-only, for arguments whose scalar type a template has to deduce.
template <class Scalar>
MatrixView<const Scalar> read_only(const MatrixView<Scalar>& view) {
  return view;
}

}  // namespace mesa
