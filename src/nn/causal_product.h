#pragma once

#include "core/matrix_view.h"

namespace mesa {

/// Products with causal scores: row t of scores [C, past + C] belongs to a position that may look at the
/// `past` positions before the C, and of the C at those up to itself. Where it may not look stand zeros as
/// far as these products read (kReadBeyondDiagonal), behind them anything.

/// scores = left * right^T where positions may look; left [C, K], right [past + C, K].
template <class Scalar>
void causal_scores(const MatrixView<const Scalar>& left, const MatrixView<const Scalar>& right,
                   const MatrixView<Scalar>& scores);

/// The same where a position may not look at itself; past = 0.
template <class Scalar>
void strictly_causal_scores(const MatrixView<const Scalar>& left, const MatrixView<const Scalar>& right,
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
