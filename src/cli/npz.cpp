#include "cli/npz.h"

#include <zip.h>

#include <memory>

#include "core/error.h"

namespace mesa {
namespace {

/// A tensor in NumPy's format .npy, version 1.0: magic, version, length of the header, the header as a Python
/// dictionary padded such that the numbers start at a multiple of 64, the numbers.
std::string npy_bytes(const Checkpoint::Tensor& tensor) {
  constexpr std::size_t kAlignment = 64;
  std::string bytes{"\x93NUMPY\x01\x00\x00\x00", 10};
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + std::to_string(tensor.rows) +
                       ", " + std::to_string(tensor.columns) + "), }";
  header.append(kAlignment - 1 - (bytes.size() + header.size()) % kAlignment, ' ');
  header += '\n';
  bytes[8] = char(header.size() & 0xff);
  bytes[9] = char(header.size() >> 8);
  bytes += header;
  bytes.append(reinterpret_cast<const char*>(tensor.values.data()), tensor.values.size() * sizeof(float));
  return bytes;
}

}  // namespace

void write_npz(const Checkpoint& checkpoint, const std::string& path) {
  const Error failure = bad_file(path, "cannot be written; check that the folder exists and has room");
  std::unique_ptr<zip_t, decltype(&zip_discard)> archive(
      zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr), &zip_discard);
  if (!archive) throw failure;
  // The archive reads its sources when it is closed.
  std::vector<std::string> arrays;
  for (const Checkpoint::Tensor& tensor : checkpoint.tensors) arrays.push_back(npy_bytes(tensor));
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    zip_source_t* source = zip_source_buffer(archive.get(), arrays[i].data(), arrays[i].size(), 0);
    const std::string name = checkpoint.tensors[i].name + ".npy";
    const auto index = zip_file_add(archive.get(), name.c_str(), source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
      zip_source_free(source);
      throw failure;
    }
    // NumPy maps and streams uncompressed members; weights hardly compress anyway.
    zip_set_file_compression(archive.get(), zip_uint64_t(index), ZIP_CM_STORE, 0);
  }
  if (zip_close(archive.get()) != 0) throw failure;
  static_cast<void>(archive.release());  // zip_close() has freed it
}

}  // namespace mesa
