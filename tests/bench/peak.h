#pragma once

namespace mesa {

/// Nothing but multiply-adds of the engine's vectors, on one thread, for some 15 ms: whoever measures the
/// time knows the peak. Returns how many operations those were, a multiply-add being two. Its source must be
/// compiled with the engine's options.
double run_multiply_adds();

}  // namespace mesa
