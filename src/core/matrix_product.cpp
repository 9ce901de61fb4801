#include "core/matrix_product.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <utility>

#include "core/simd.h"

namespace mesa {
namespace {

// Register tiles are 2 vectors of columns wide; of an odd number of vectors the first 3 form one, so that a
// result of 20 columns wastes less than half a vector. With AVX-512, tiles have 10 or 8 rows: their sums, the
// right operand's vectors and a broadcast of the left take 23 or 28 of the 32 registers, and give more chains
// than two units of latency 4 need. (12 rows would fit too, but 10 divide our 50 positions.) With AVX2, 6 or
// 4 rows take 15 or all of the 16 registers. Browsers reserve one of 16, and products that are not fused with
// their sums need another, so WebAssembly has 6 or 5 rows, or 3: one more accumulator would be kept in
// memory. A single vector has 8 rows and is slower, as each number of the left is used only once.
constexpr int kWidestTile = 3;

constexpr int tile_rows(int vectors) {
  if (vectors == 1) return 8;
  if (kVectorBytes == 64) return vectors == 3 ? 8 : 10;
  if (kVectorBytes == 32) return vectors == 3 ? 4 : 6;
  if (vectors == 3) return 3;
  return kFusesMultiplyAdd ? 6 : 5;
}

// Returns the rows of the next smaller tile, for when there are too few for `rows`. A browser has to load
// code for each size, so WebAssembly omits 4 rows where they would wait for their own sums as 2 do.
constexpr int fewer_rows(int rows) {
  const bool skips_four = kVectorBytes == 16 && rows != 6;
  return skips_four ? std::min(rows - 1, 2) : int(std::bit_floor(unsigned(rows - 1)));
}

// Browsers check in every iteration of a loop whether to stop, so WebAssembly does two steps in one. The test
// between them stays, since otherwise the compiler adds to each sum twice, which takes too many registers.
constexpr bool kTakesTwoTurns = kVectorBytes == 16;

// Whether loading part of a vector is as fast as loading all of it.
constexpr bool kMasksLoads = kVectorBytes == 64;

/// The columns of the right operand that one tile reads; their rows are contiguous.
template <class Scalar>
struct Panel {
  const Scalar* data;
  std::ptrdiff_t row_stride;
};

/// Loads four scalars of a row and, beside them, those of the rows 4, 8, .. after it: one row for each group
/// of four lanes. `rows` rows are left, enough if All; missing ones count as zeros.
template <bool All, class Scalar>
Vector<Scalar> load_fours(const Scalar* row, [[maybe_unused]] std::ptrdiff_t row_stride, int rows) {
  using Four [[gnu::vector_size(4 * sizeof(Scalar))]] = Scalar;
  const auto four = [&](int first) {
    Four result = {};
    if (All || first < rows) std::memcpy(&result, row + first * row_stride, sizeof result);
    return result;
  };
  if constexpr (kLanes<Scalar> == 4) {
    return four(0);
  } else {
#ifdef __AVX512F__
    // Only masked loads, since shuffles would wait for each other.
    Vector<Scalar> result = {};
#pragma GCC unroll 4
    for (int first = 0; first < kLanes<Scalar>; first += 4) {
      const auto lanes = __mmask16(0xF << first);
      if constexpr (sizeof(Scalar) == sizeof(float)) {
        result = (Vector<Scalar>)_mm512_mask_broadcast_f32x4((__m512)result, lanes, (__m128)four(first));
      } else {
        result = (Vector<Scalar>)_mm512_mask_broadcast_f64x4((__m512d)result, lanes, (__m256d)four(first));
      }
    }
    return result;
#else
    return __builtin_shufflevector(four(0), four(4), 0, 1, 2, 3, 4, 5, 6, 7);
#endif
  }
}

/// Interleaves the first two (First = 0) or last two (First = 2) of each group of four lanes of x and y.
template <int First, class Scalar, int... Lanes>
Vector<Scalar> interleave(Vector<Scalar> x, Vector<Scalar> y, std::integer_sequence<int, Lanes...>) {
  return __builtin_shufflevector(x, y,
                                 (Lanes / 4 * 4 + First + Lanes % 4 / 2 + Lanes % 2 * kLanes<Scalar>)...);
}

/// Swaps lane j of row i with lane i of row j, within each group of four lanes.
template <class Scalar>
void transpose_fours(Vector<Scalar> (&rows)[4]) {
  constexpr std::make_integer_sequence<int, kLanes<Scalar>> kAll;
  const auto [a, b, c, d] = rows;
  const Vector<Scalar> ac_low = interleave<0, Scalar>(a, c, kAll);
  const Vector<Scalar> ac_high = interleave<2, Scalar>(a, c, kAll);
  const Vector<Scalar> bd_low = interleave<0, Scalar>(b, d, kAll);
  const Vector<Scalar> bd_high = interleave<2, Scalar>(b, d, kAll);
  rows[0] = interleave<0, Scalar>(ac_low, bd_low, kAll);
  rows[1] = interleave<2, Scalar>(ac_low, bd_low, kAll);
  rows[2] = interleave<0, Scalar>(ac_high, bd_high, kAll);
  rows[3] = interleave<2, Scalar>(ac_high, bd_high, kAll);
}

/// Writes the transpose of `rows` rows (kLanes if All, otherwise fewer) of `columns` contiguous scalars, as
/// vectors `stride` apart. Works on four columns at a time and returns how many it did.
template <bool All, class Scalar>
int pack_transposed(const Scalar* source, std::ptrdiff_t source_stride, int rows, int columns, Scalar* target,
                    int stride) {
  int done = 0;
  for (; done + 4 <= columns; done += 4) {
    Vector<Scalar> block[4];
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i)
      block[i] = load_fours<All>(source + i * source_stride + done, source_stride, rows - i);
    transpose_fours<Scalar>(block);
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i) store(target + std::ptrdiff_t(done + i) * stride, block[i]);
  }
  return done;
}

/// Copies `right`, which has at most `width` columns, into contiguous rows of `width`, padded with zeros.
template <class Scalar>
void pack(const MatrixView<const Scalar>& right, Scalar* panel, int width) {
  constexpr int kWidth = kLanes<Scalar>;
  for (int column = 0; column < width; column += kWidth) {
    const int count = std::clamp(right.columns - column, 0, kWidth);
    const Scalar* source = right.data + column * right.column_stride;
    int k = 0;
    if constexpr (kLanes<Scalar> >= 4) {
      if (right.row_stride == 1) {
        const auto transpose =
            count == kWidth ? pack_transposed<true, Scalar> : pack_transposed<false, Scalar>;
        k = transpose(source, right.column_stride, count, right.rows, panel + column, width);
      }
    }
    for (; k < right.rows; ++k) {
      Scalar* target = panel + std::ptrdiff_t(k) * width + column;
      const Scalar* row = source + k * right.row_stride;
      if (right.column_stride == 1) {
        store(target, load_first(row, count));
      } else {
        store(target, Vector<Scalar>{});
        for (int j = 0; j < count; ++j) target[j] = row[j * right.column_stride];
      }
    }
  }
}

/// Multiplies `Rows` rows of `left` by the panel [k, Vectors * kLanes] and writes the first `columns` columns
/// of the product to `result`, or adds them if `accumulate`.
template <int Rows, int Vectors, class Scalar>
void multiply_register_tile(const MatrixView<const Scalar>& left, const Panel<Scalar>& panel, Scalar* result,
                            std::ptrdiff_t result_stride, int columns, bool accumulate) {
  constexpr int kWidth = kLanes<Scalar>;
  const int count = columns - (Vectors - 1) * kWidth;  // lanes of the last vector
  Vector<Scalar> sums[Rows][Vectors] = {};
  const Scalar* column = left.data;
  const Scalar* right_row = panel.data;
  const auto add_outer_product = [&] {
    Vector<Scalar> right[Vectors];
#pragma GCC unroll 3
    for (int j = 0; j < Vectors; ++j) {
      const Scalar* numbers = right_row + j * kWidth;
      right[j] = kMasksLoads && j == Vectors - 1 ? load_first(numbers, count) : load(numbers);
    }
#pragma GCC unroll 10
    for (int i = 0; i < Rows; ++i) {
      const Vector<Scalar> factor = broadcast(column[i * left.row_stride]);
#pragma GCC unroll 3
      for (int j = 0; j < Vectors; ++j) sums[i][j] = multiply_add<Scalar>(factor, right[j], sums[i][j]);
    }
    column += left.column_stride;
    right_row += panel.row_stride;
  };
  for (int k = left.columns; k > 0; --k) {
    add_outer_product();
    if constexpr (kTakesTwoTurns) {
      if (--k == 0) break;
      add_outer_product();
    }
  }
  if (accumulate) {
#pragma GCC unroll 10
    for (int i = 0; i < Rows; ++i) {
      const Scalar* target = result + i * result_stride;
#pragma GCC unroll 2
      for (int j = 0; j < Vectors - 1; ++j) sums[i][j] += load(target + j * kWidth);
      sums[i][Vectors - 1] += load_first(target + (Vectors - 1) * kWidth, count);
    }
  }
#pragma GCC unroll 10
  for (int i = 0; i < Rows; ++i) {
    Scalar* target = result + i * result_stride;
#pragma GCC unroll 2
    for (int j = 0; j < Vectors - 1; ++j) store(target + j * kWidth, sums[i][j]);
    store_first(target + (Vectors - 1) * kWidth, sums[i][Vectors - 1], count);
  }
}

/// Returns the rows of the next tile. Two rows alone would wait for their own sums, so 8 rows are split into
/// 4 and 4 rather than 6 and 2.
template <int Vectors>
int fitting_rows(int rows_left) {
  constexpr int kRows = tile_rows(Vectors);
  if (rows_left == kRows + 2 && fewer_rows(kRows) == kRows - 2) return kRows - 2;
  int rows = kRows;
  while (rows > rows_left) rows = fewer_rows(rows);
  return rows;
}

/// multiply_register_tile() for all rows of `left`, of which there are at most tile_rows(Vectors).
template <int Vectors, int Rows = tile_rows(Vectors), class Scalar>
void multiply_rows(const MatrixView<const Scalar>& left, const Panel<Scalar>& panel,
                   const MatrixView<Scalar>& result, bool accumulate) {
  if constexpr (Rows > 1) {
    if (left.rows < Rows) return multiply_rows<Vectors, fewer_rows(Rows)>(left, panel, result, accumulate);
  }
  multiply_register_tile<Rows, Vectors>(left, panel, result.data, result.row_stride, result.columns,
                                        accumulate);
}

/// left * right for a right operand of at most `Vectors` vectors of columns; `first_column` is the number of
/// its first column in the whole product.
/// The longest inner dimension of one product, so that a packed panel fits on the stack.
constexpr int kMostInner = 1024;

/// left * right, of which right has at most Vectors vectors of columns; the first has the number
/// `first_column` in the whole product.
template <int Vectors, class Scalar>
void multiply_panel(const MatrixView<const Scalar>& left, const MatrixView<const Scalar>& right,
                    const MatrixView<Scalar>& result, int first_column, Triangle triangle, bool accumulate) {
  constexpr int kColumns = Vectors * kLanes<Scalar>;
  static_assert(tile_rows(Vectors) - 1 <= kReadBeyondDiagonal);
  AlignedLanes<Scalar> packed[std::size_t(kMostInner) * Vectors];
  Panel<Scalar> panel{right.data, right.row_stride};
  if (right.column_stride != 1 || (!kMasksLoads && right.columns < kColumns)) {
    pack(right, packed[0].numbers, kColumns);
    panel = {packed[0].numbers, kColumns};
  }
  const int start = triangle == Triangle::result_lower ? first_column : 0;
  const int stop = triangle == Triangle::result_upper ? first_column + result.columns : result.rows;
  int rows;
  for (int row = start; row < stop; row += rows) {
    rows = fitting_rows<Vectors>(stop - row);
    const int begin = triangle == Triangle::left_upper ? row : 0;
    const int end = triangle == Triangle::left_lower ? row + rows : left.columns;
    const Panel<Scalar> inner{panel.data + begin * panel.row_stride, panel.row_stride};
    multiply_rows<Vectors>(left.row_range(row, rows).column_range(begin, end - begin), inner,
                           result.row_range(row, rows), accumulate);
  }
}

template <class Scalar>
void multiply_panels(const MatrixView<const Scalar>& left, const MatrixView<const Scalar>& right,
                     const MatrixView<Scalar>& result, Triangle triangle, bool accumulate) {
  assert(left.columns == right.rows && left.rows == result.rows && right.columns == result.columns);
  assert(result.column_stride == 1);
  [[maybe_unused]] const bool is_of_result =
      triangle == Triangle::result_lower || triangle == Triangle::result_upper;
  assert(triangle == Triangle::none || left.rows == (is_of_result ? right : left).columns);
  if (right.rows > kMostInner) {
    assert(triangle == Triangle::none);
    const int rest = right.rows - kMostInner;
    multiply_panels(left.column_range(0, kMostInner), right.row_range(0, kMostInner), result, triangle,
                    accumulate);
    return multiply_panels(left.column_range(kMostInner, rest), right.row_range(kMostInner, rest), result,
                           triangle, true);
  }
  constexpr int kWidth = kLanes<Scalar>;
  for (int column = 0; column < result.columns;) {
    const int vectors_left = (result.columns - column + kWidth - 1) / kWidth;
    const int vectors = std::min(vectors_left, vectors_left % 2 == 1 ? kWidestTile : 2);
    const int columns = std::min(vectors * kWidth, result.columns - column);
    const auto right_panel = right.column_range(column, columns);
    const auto result_panel = result.column_range(column, columns);
    switch (vectors) {
      case 1: multiply_panel<1>(left, right_panel, result_panel, column, triangle, accumulate); break;
      case 2: multiply_panel<2>(left, right_panel, result_panel, column, triangle, accumulate); break;
      default: multiply_panel<kWidestTile>(left, right_panel, result_panel, column, triangle, accumulate);
    }
    column += columns;
  }
}

}  // namespace

template <class Scalar>
void multiply(const MatrixView<const Scalar>& left, const MatrixView<const Scalar>& right,
              const MatrixView<Scalar>& result, Triangle triangle) {
  multiply_panels(left, right, result, triangle, false);
}

template <class Scalar>
void multiply_accumulate(const MatrixView<const Scalar>& left, const MatrixView<const Scalar>& right,
                         const MatrixView<Scalar>& result, Triangle triangle) {
  multiply_panels(left, right, result, triangle, true);
}

#define MESA_INSTANTIATE(Scalar)                                                                      \
  template void multiply(const MatrixView<const Scalar>&, const MatrixView<const Scalar>&,            \
                         const MatrixView<Scalar>&, Triangle);                                        \
  template void multiply_accumulate(const MatrixView<const Scalar>&, const MatrixView<const Scalar>&, \
                                    const MatrixView<Scalar>&, Triangle);
MESA_INSTANTIATE(float)
MESA_INSTANTIATE(double)
#undef MESA_INSTANTIATE

}  // namespace mesa
