#include "cli/npz.h"

#include <zip.h>

#include <memory>
#include <new>
#include <vector>

namespace mesa {
namespace {

/// A tensor in NumPy's format .npy, version 1.0: magic, version, length of the header, the header as a Python
/// dictionary padded so that the numbers start at a multiple of 64, the numbers.
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

/// Throws if the result is not good: libzip works in memory here and fails only for lack of it.
template <class Result>
Result checked(Result result, bool is_good) {
  if (!is_good) throw std::bad_alloc();
  return result;
}

void add_array(zip_t* archive, const std::string& name, const std::string& bytes) {
  zip_source_t* source = zip_source_buffer(archive, bytes.data(), bytes.size(), 0);
  const auto added = zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8);
  if (added < 0) zip_source_free(source);
  const auto index = zip_uint64_t(checked(added, added >= 0));
  // NumPy maps and streams uncompressed members; weights hardly compress anyway.
  zip_set_file_compression(archive, index, ZIP_CM_STORE, 0);
  // The earliest day that archives can store, so that the bytes depend only on the weights.
  constexpr zip_uint16_t kFirstDay = 1 << 5 | 1;
  zip_file_set_dostime(archive, index, 0, kFirstDay, 0);
}

std::string content(zip_source_t* source) {
  zip_stat_t status;
  zip_stat_init(&status);
  checked(0, zip_source_stat(source, &status) == 0 && zip_source_open(source) == 0);
  std::string bytes(status.size, '\0');
  const zip_int64_t count = zip_source_read(source, bytes.data(), bytes.size());
  zip_source_close(source);
  return checked(bytes, count == zip_int64_t(bytes.size()));
}

}  // namespace

std::string npz_bytes(const Checkpoint& checkpoint) {
  zip_source_t* made = zip_source_buffer_create(nullptr, 0, 0, nullptr);
  const std::unique_ptr<zip_source_t, decltype(&zip_source_free)> archive_bytes(
      checked(made, made != nullptr), &zip_source_free);
  zip_source_keep(made);  // for the archive, which frees it once
  zip_t* opened = zip_open_from_source(made, ZIP_TRUNCATE, nullptr);
  if (!opened) zip_source_free(made);
  std::unique_ptr<zip_t, decltype(&zip_discard)> archive(checked(opened, opened != nullptr), &zip_discard);
  // The archive reads its sources when it is closed.
  std::vector<std::string> arrays;
  for (const Checkpoint::Tensor& tensor : checkpoint.tensors) arrays.push_back(npy_bytes(tensor));
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    add_array(archive.get(), checkpoint.tensors[i].name + ".npy", arrays[i]);
  }
  checked(0, zip_close(archive.get()) == 0);
  static_cast<void>(archive.release());  // zip_close() has freed it
  return content(made);
}

}  // namespace mesa
