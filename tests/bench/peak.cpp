#include "peak.h"

#include "core/simd.h"
#include "processor_time.h"

namespace mesa {

double measure_peak() {
  constexpr int kRegisters = 12;  // enough chains to fill two units of latency 4, few enough not to spill
  constexpr int kRepeats = 8'000'000;  // for some 15 ms: browsers tell the time to 0.1 ms
  // What the compiler may not know, so that it computes all of it.
  const volatile float unknown = 0.5F;
  const Vector<float> factor = Vector<float>{} + unknown;
  Vector<float> sums[kRegisters];
  for (Vector<float>& sum : sums) sum = Vector<float>{} + unknown;
  const double start = processor_seconds();
  for (int repeat = 0; repeat < kRepeats; ++repeat) {
#pragma GCC unroll 12
    for (Vector<float>& sum : sums) sum = multiply_add<float>(sum, factor, factor);
  }
  const double seconds = processor_seconds() - start;
  Vector<float> total = {};
  for (const Vector<float>& sum : sums) total += sum;
  const volatile float used = total[0];
  (void)used;
  return 2e-9 * kLanes<float> * kRegisters * kRepeats / seconds;
}

}  // namespace mesa

#ifdef __EMSCRIPTEN__
/// For JavaScript, under a name that C++ does not mangle.
extern "C" double measure_peak() { return mesa::measure_peak(); }
#endif
