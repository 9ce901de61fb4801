#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mesa {

/// A model on disk. All numbers in the file are little-endian; a text is a uint64 length and as many bytes of
/// UTF-8.
///
///   "MESALAB\0"  8 bytes
///   version      uint32, 1
///   settings     uint64 count, then for each a key and a value, both texts
///   tensors      uint64 count, then for each a name (text), rows (uint32), columns (uint32) and
///                rows * columns float32
///   hash         uint64, FNV-1a of all bytes before it
///
/// Keys are unique, and so are the names of tensors.
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

/// The FNV-1a hash that ends a file, of the bytes before it.
std::uint64_t checkpoint_hash(std::string_view bytes);

/// The bytes of its file.
std::string checkpoint_bytes(const Checkpoint& checkpoint);

/// The checkpoint in a file's bytes. Throws Error naming the file if it is not a checkpoint, has another
/// version, is damaged, or holds what no run writes, such as a weight that is not finite.
Checkpoint parse_checkpoint(std::string_view bytes, const std::string& name);

}  // namespace mesa
