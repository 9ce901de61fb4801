#include "core/vector_arithmetic.h"

#include "core/simd.h"

namespace mesa {

template <class Scalar>
Scalar dot(const Scalar* x, const Scalar* y, int n) {
  Vector<Scalar> sum = {};
  for (int i = 0; i < n; i += kLanes<Scalar>)
    sum = multiply_add<Scalar>(load_first(x + i, n - i), load_first(y + i, n - i), sum);
  return sum_of_lanes<Scalar>(sum);
}

template <class Scalar>
void combine(Scalar a, const Scalar* x, Scalar b, const Scalar* y, Scalar* result, int n) {
  for (int i = 0; i < n; i += kLanes<Scalar>) {
    const Vector<Scalar> part = broadcast(a) * load_first(x + i, n - i);
    store_first(result + i, multiply_add<Scalar>(broadcast(b), load_first(y + i, n - i), part), n - i);
  }
}

template <class Scalar>
void scale(Scalar a, const Scalar* x, Scalar* result, int n) {
  for (int i = 0; i < n; i += kLanes<Scalar>)
    store_first(result + i, Vector<Scalar>(broadcast(a) * load_first(x + i, n - i)), n - i);
}

#define MESA_INSTANTIATE(Scalar)                                                     \
  template Scalar dot(const Scalar*, const Scalar*, int);                            \
  template void combine(Scalar, const Scalar*, Scalar, const Scalar*, Scalar*, int); \
  template void scale(Scalar, const Scalar*, Scalar*, int);
MESA_INSTANTIATE(float)
MESA_INSTANTIATE(double)
#undef MESA_INSTANTIATE

}  // namespace mesa
