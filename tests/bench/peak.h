#pragma once

namespace mesa {

/// Multiply-adds on one thread, in GFLOP/s (a multiply-add is two operations), that the engine's vectors
/// reach with nothing else to do. Takes some milliseconds. Its source must be compiled with the engine's
/// options.
double measure_peak();

}  // namespace mesa
