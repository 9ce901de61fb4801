#include "peak.h"

#include "core/simd.h"

namespace mesa {

double run_multiply_adds() {
  constexpr int kRegisters = 12;  // enough chains to fill two units of latency 4, few enough not to spill
  constexpr int kRepeats = 8'000'000;
  // The compiler must not know this number, so that it computes everything.
  const volatile float unknown = 0.5F;
  const Vector<float> factor = Vector<float>{} + unknown;
  Vector<float> sums[kRegisters];
  for (Vector<float>& sum : sums) sum = Vector<float>{} + unknown;
  for (int repeat = 0; repeat < kRepeats; ++repeat) {
#pragma GCC unroll 12
    for (Vector<float>& sum : sums) sum = multiply_add<float>(sum, factor, factor);
  }
  Vector<float> total = {};
  for (const Vector<float>& sum : sums) total += sum;
  const volatile float used = total[0];
  (void)used;
  return 2.0 * kLanes<float> * kRegisters * kRepeats;
}

}  // namespace mesa

#ifdef __EMSCRIPTEN__
/// For JavaScript, under a name that C++ does not mangle.
extern "C" double run_multiply_adds() { return mesa::run_multiply_adds(); }
#endif
