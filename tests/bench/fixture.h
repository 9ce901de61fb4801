#pragma once

#include <nlohmann/json.hpp>

#include "benchmark_case.h"

namespace mesa {

/// A case with weights large enough to matter, a batch, and the engine's losses, to check other libraries by:
///   {"name", "layers", "heads", "key_size", "width", "positions", "output_size", "batch_size",
///    "residual_limit", "learning_rate", "weight_decay", "gradient_limit",
///    "parameters": [{"query": [D, H K], "key": [D, H K], "value": [D, H K], "output": [H K, D]}, ..],
///    "tokens": [B, T, D], "labels": [B, T, d],
///    "loss": before the first AdamW update on this batch, "loss_after": after it}
/// All arrays are flat lists. For cases with linear attention on constructed tokens.
nlohmann::json make_fixture(const BenchmarkCase& benchmark);

}  // namespace mesa
