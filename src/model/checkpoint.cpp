#include "model/checkpoint.h"

#include <bit>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string_view>

#include "core/error.h"

namespace mesa {
namespace {

static_assert(std::endian::native == std::endian::little, "the file format is written as memory stands");

constexpr std::string_view kMagic{"MESALAB\0", 8};
constexpr std::uint32_t kVersion = 1;

std::uint64_t fnv1a(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  return hash;
}

class Writer {
 public:
  template <class Number>
  void number(Number value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void text(std::string_view value) {
    number<std::uint64_t>(value.size());
    bytes_ += value;
  }
  void raw(std::string_view value) { bytes_ += value; }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

class Reader {
 public:
  Reader(std::string_view bytes, const std::string& path) : bytes_(bytes), path_(path) {}

  template <class Number>
  Number number() {
    Number value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  std::string text() { return std::string(take(number<std::uint64_t>())); }
  /// The next `count` bytes; throws Error at the end of the file.
  std::string_view take(std::uint64_t count) {
    if (count > bytes_.size()) throw bad_file(path_, "this checkpoint is cut short");
    const std::string_view taken = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return taken;
  }
  /// The next `count` floats; likewise.
  std::vector<float> floats(std::uint64_t count) {
    if (count > bytes_.size() / sizeof(float)) throw bad_file(path_, "this checkpoint is cut short");
    std::vector<float> values(count);
    const std::string_view taken = take(count * sizeof(float));
    if (count > 0) std::memcpy(values.data(), taken.data(), taken.size());
    return values;
  }
  [[nodiscard]] bool at_end() const { return bytes_.empty(); }

 private:
  std::string_view bytes_;
  const std::string& path_;
};

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw bad_file(path, "cannot be opened for reading");
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

void write_checkpoint(const Checkpoint& checkpoint, const std::string& path) {
  Writer writer;
  writer.raw(kMagic);
  writer.number(kVersion);
  writer.number<std::uint64_t>(checkpoint.settings.size());
  for (const auto& [key, value] : checkpoint.settings) {
    writer.text(key);
    writer.text(value);
  }
  writer.number<std::uint64_t>(checkpoint.tensors.size());
  for (const Checkpoint::Tensor& tensor : checkpoint.tensors) {
    writer.text(tensor.name);
    writer.number(tensor.rows);
    writer.number(tensor.columns);
    for (const float value : tensor.values) writer.number(value);
  }
  writer.number(fnv1a(writer.bytes()));

  // Written beside its place and moved there, so that whatever happens an older checkpoint stays whole.
  const std::string part = path + ".part";
  std::ofstream file(part, std::ios::binary);
  file << writer.bytes();
  file.close();
  if (!file || std::rename(part.c_str(), path.c_str()) != 0) {
    throw bad_file(path, "cannot be written; check that the folder exists and has room");
  }
}

Checkpoint read_checkpoint(const std::string& path) {
  const std::string bytes = read_file(path);
  Reader reader(bytes, path);
  if (!std::string_view(bytes).starts_with(kMagic)) throw bad_file(path, "this is no Mesa Lab checkpoint");
  reader.take(kMagic.size());
  const auto version = reader.number<std::uint32_t>();
  if (version != kVersion) {
    throw bad_file(
        path, "expected checkpoint version " + std::to_string(kVersion) + ", got " + std::to_string(version));
  }

  Checkpoint checkpoint;
  for (auto left = reader.number<std::uint64_t>(); left > 0; --left) {
    std::string key = reader.text();
    checkpoint.settings.emplace_back(std::move(key), reader.text());
  }
  for (auto left = reader.number<std::uint64_t>(); left > 0; --left) {
    Checkpoint::Tensor tensor{
        reader.text(), reader.number<std::uint32_t>(), reader.number<std::uint32_t>(), {}};
    tensor.values = reader.floats(std::uint64_t{tensor.rows} * tensor.columns);
    checkpoint.tensors.push_back(std::move(tensor));
  }
  const std::string_view hashed(bytes.data(), bytes.size() - sizeof(std::uint64_t));
  if (reader.number<std::uint64_t>() != fnv1a(hashed) || !reader.at_end()) {
    throw bad_file(path, "this checkpoint is damaged: its check sum does not match");
  }
  return checkpoint;
}

}  // namespace mesa
