// Fuzzes checkpoint files. Their hash is added here, as most changes would not pass it. An accepted file must
// be written as it was read, and a state to train on must be one that a run can have written.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

#include "core/error.h"
#include "experiment/experiment.h"
#include "experiment/presets.h"
#include "experiment/run_checkpoint.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace {

/// Larger models take long and show nothing more.
constexpr std::size_t kMostParameters = 100'000;

/// A real file to start from.
const std::string& seed() {
  static const std::string bytes = [] {
    const mesa::Config config =
        mesa::make_config("linear-1", "", {{"observation_size", "1"}, {"heads", "1"}, {"key_size", "1"}});
    return mesa::checkpoint_bytes(mesa::Experiment(config).checkpoint());
  }();
  return bytes;
}

std::string with_hash(std::string bytes) {
  const std::uint64_t hash = mesa::checkpoint_hash(bytes);
  return bytes.append(reinterpret_cast<const char*>(&hash), sizeof hash);
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most,
                                               unsigned /*seed*/) {
  constexpr std::size_t kMagicSize = 8;
  if (size < kMagicSize || std::memcmp(data, seed().data(), kMagicSize) != 0) {
    size = std::min(most, seed().size() - sizeof(std::uint64_t));
    std::memcpy(data, seed().data(), size);
    return size;
  }
  return LLVMFuzzerMutate(data, size, most);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes = with_hash(std::string(data, data + size));
  try {
    const mesa::Checkpoint checkpoint = mesa::parse_checkpoint(bytes, "fuzz");
    if (mesa::checkpoint_bytes(checkpoint) != bytes) std::abort();
    const mesa::Config config = mesa::checkpoint_config(checkpoint);
    const mesa::ParameterTable table(config.model);
    if (table.size > kMostParameters) return 0;
    const mesa::TrainingState state = mesa::checkpoint_state(checkpoint, table);
    if (state.last_good.step > state.model.step) std::abort();
  } catch (const mesa::Error&) {
    return 0;
  }
  return 0;
}
