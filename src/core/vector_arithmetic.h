#pragma once

namespace mesa {

/// The sum of x_i y_i over n numbers.
template <class Scalar>
Scalar dot(const Scalar* x, const Scalar* y, int n);

/// result = a x + b y for n numbers; `result` may be `x` or `y`.
template <class Scalar>
void combine(Scalar a, const Scalar* x, Scalar b, const Scalar* y, Scalar* result, int n);

/// result = a x for n numbers; `result` may be `x`.
template <class Scalar>
void scale(Scalar a, const Scalar* x, Scalar* result, int n);

}  // namespace mesa
