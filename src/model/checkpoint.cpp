#include "model/checkpoint.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "core/error.h"

namespace mesa {
namespace {

static_assert(std::endian::native == std::endian::little, "the file format is written as memory stands");

constexpr std::string_view kMagic{"MESALAB\0", 8};
constexpr std::uint32_t kVersion = 1;

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

/// The length of the UTF-8 character that the bytes begin with; 0 if it is none.
std::size_t utf8_length(std::string_view bytes) {
  const auto at = [&](std::size_t i) { return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U; };
  const unsigned lead = at(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((at(i) & 0xc0) != 0x80) return 0;
  }
  // Overlong encodings, surrogates, and code points above U+10FFFF.
  const unsigned start = lead << 8 | at(1);
  if (start < 0xe0a0 && length == 3) return 0;
  if (start >= 0xeda0 && start < 0xee00) return 0;
  if ((start < 0xf090 && length == 4) || start >= 0xf490) return 0;
  return length;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

class Reader {
 public:
  Reader(std::string_view bytes, const std::string& name) : bytes_(bytes), name_(name) {}

  template <class Number>
  Number number() {
    Number value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  std::string text() {
    const std::string_view taken = take(number<std::uint64_t>());
    if (!is_utf8(taken)) throw bad_file(name_, "this checkpoint has a text that is not UTF-8");
    return std::string(taken);
  }
  /// The next `count` bytes; throws Error at the end of the file.
  std::string_view take(std::uint64_t count) {
    if (count > bytes_.size()) throw bad_file(name_, "this checkpoint is cut short");
    const std::string_view taken = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return taken;
  }
  /// The next `count` floats; likewise.
  std::vector<float> floats(std::uint64_t count) {
    if (count > bytes_.size() / sizeof(float)) throw bad_file(name_, "this checkpoint is cut short");
    std::vector<float> values(count);
    const std::string_view taken = take(count * sizeof(float));
    if (count > 0) std::memcpy(values.data(), taken.data(), taken.size());
    return values;
  }
  [[nodiscard]] bool at_end() const { return bytes_.empty(); }

 private:
  std::string_view bytes_;
  const std::string& name_;
};

/// Throws Error unless the last 8 bytes are the hash of the others.
void check_hash(std::string_view bytes, const std::string& name) {
  std::uint64_t hash = 0;
  if (bytes.size() < sizeof hash) throw bad_file(name, "this checkpoint is cut short");
  const std::string_view hashed = bytes.substr(0, bytes.size() - sizeof hash);
  std::memcpy(&hash, bytes.data() + hashed.size(), sizeof hash);
  if (hash != checkpoint_hash(hashed)) {
    throw bad_file(name, "this checkpoint is damaged or cut short: its check sum does not match");
  }
}

void check_all_differ(std::vector<std::string_view> names, const std::string& file) {
  std::ranges::sort(names);
  const auto twice = std::ranges::adjacent_find(names);
  if (twice != names.end()) throw bad_file(file, joined({"this checkpoint has ", *twice, " twice"}));
}

void check(const Checkpoint& checkpoint, const std::string& file) {
  std::vector<std::string_view> names;
  for (const auto& [key, value] : checkpoint.settings) names.emplace_back(key);
  check_all_differ(std::move(names), file);
  names.clear();
  for (const Checkpoint::Tensor& tensor : checkpoint.tensors) {
    names.emplace_back(tensor.name);
    if (!std::ranges::all_of(tensor.values, [](float value) { return std::isfinite(value); })) {
      throw bad_file(file, joined({"this checkpoint has entries that are not finite in ", tensor.name}));
    }
  }
  check_all_differ(std::move(names), file);
}

}  // namespace

std::uint64_t checkpoint_hash(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  return hash;
}

std::string checkpoint_bytes(const Checkpoint& checkpoint) {
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
  writer.number(checkpoint_hash(writer.bytes()));
  return writer.bytes();
}

Checkpoint parse_checkpoint(std::string_view bytes, const std::string& name) {
  if (!bytes.starts_with(kMagic)) throw bad_file(name, "this is not a Mesa Lab checkpoint");
  Reader reader(bytes, name);
  reader.take(kMagic.size());
  const auto version = reader.number<std::uint32_t>();
  if (version != kVersion) {
    throw bad_file(
        name, "expected checkpoint version " + std::to_string(kVersion) + ", got " + std::to_string(version));
  }
  check_hash(bytes, name);

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
  reader.take(sizeof(std::uint64_t));
  if (!reader.at_end()) throw bad_file(name, "this checkpoint is damaged: there are bytes after its end");
  check(checkpoint, name);
  return checkpoint;
}

}  // namespace mesa
