#pragma once

namespace mesa {

// Elementary functions in double. The engine has its own because C libraries round differently, and the
// library's add several kilobytes of tables to a WebAssembly module.

struct SineCosine {
  double sine;
  double cosine;
};

/// The sine and cosine of an angle in radians, within 1e-15 for |angle| up to some thousands.
SineCosine sine_cosine(double angle);

/// e^x for |x| up to 20, with a relative error below 2e-14.
double exponential(double x);

/// base^exponent for exponent >= 0.
double power(double base, int exponent);

}  // namespace mesa
