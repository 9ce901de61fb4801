#pragma once

#include "core/matrix_view.h"

namespace mesa {

/// Products with causal scores. Row t of scores [C, past + C] belongs to the position past + t, which sees
/// itself and all earlier ones. For later positions the row has zeros as far as these products read
/// (kReadBeyondDiagonal) and undefined numbers after that.

/// scores = left * right^T for the positions that are seen; left [C, K], right [past + C, K].
template <class Scalar>
void causal_scores(const MatrixView<const Scalar>& left, const MatrixView<const Scalar>& right,
                   const MatrixView<Scalar>& scores);

/// result [C, n] = scores * right [past + C, n].
template <class Scalar>
void multiply_causal(const MatrixView<const Scalar>& scores, const MatrixView<const Scalar>& right,
                     const MatrixView<Scalar>& result);

/// result [past + C, n] = scores^T * left [C, n], or added to it.
template <class Scalar>
void multiply_causal_transposed(const MatrixView<const Scalar>& scores, const MatrixView<const Scalar>& left,
                                const MatrixView<Scalar>& result, bool accumulate);

}  // namespace mesa
