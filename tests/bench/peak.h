#pragma once

namespace mesa {

/// Runs only multiply-adds of the engine's vectors on one thread, for some 15 ms. Returns the number of
/// operations, a multiply-add being two. The source must be compiled with the engine's options.
double run_multiply_adds();

}  // namespace mesa
