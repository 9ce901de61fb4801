#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mesa {

/// A model on disk. The file, all numbers little-endian:
///
///   8 bytes   "MESALAB" and a zero byte
///   uint32    format version, 1
///   uint64    number of settings, then for each: key, value, both texts
///   uint64    number of tensors, then for each: name (a text), uint32 rows, uint32 columns, and
///             rows * columns float32
///   uint64    FNV-1a hash of all bytes before it
///
/// A text is a uint64 length and that many bytes of UTF-8. No two keys are the same, nor two names.
struct Checkpoint {
  struct Tensor {
    std::string name;
    std::uint32_t rows;
    std::uint32_t columns;
    std::vector<float> values;  ///< [rows, columns]
    bool operator==(const Tensor&) const = default;
  };

  /// The run's configuration, plus "step": batches follow from seed and step, so no other random state
  /// exists. "last_good_step" and "bad_steps" are for judging whether training goes astray.
  std::vector<std::pair<std::string, std::string>> settings;
  /// The parameters, then the optimiser's moments under "optimiser.first_moment." and
  /// "optimiser.second_moment."; then all of these once more under "last_good.", the state to return to.
  std::vector<Tensor> tensors;

  bool operator==(const Checkpoint&) const = default;
};

/// What stands at the end of a file: the FNV-1a hash of the bytes before it.
std::uint64_t checkpoint_hash(std::string_view bytes);

/// The bytes of its file.
std::string checkpoint_bytes(const Checkpoint& checkpoint);

/// The checkpoint in a file's bytes. Throws Error naming the file when it is none, is of another version, is
/// damaged, or holds what no run can have written, such as a weight that is not finite.
Checkpoint parse_checkpoint(std::string_view bytes, const std::string& name);

}  // namespace mesa
