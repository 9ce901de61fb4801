#pragma once

namespace mesa {

// Elementary functions in double. Ours because every C library rounds its own way, and the one of a
// WebAssembly module brings tables of several kilobytes along.

struct SineCosine {
  double sine;
  double cosine;
};

/// |angle| up to some thousands, in radians. Within 1e-15.
SineCosine sine_cosine(double angle);

/// e^x for |x| up to 20, within 2e-14 of itself.
double exponential(double x);

/// exponent >= 0.
double power(double base, int exponent);

}  // namespace mesa
