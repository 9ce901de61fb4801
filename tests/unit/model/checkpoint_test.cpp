#include "model/checkpoint.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "core/error.h"

namespace mesa {
namespace {

Checkpoint example() {
  return {{{"preset", "linear-1"}, {"step", "7"}},
          {{"layers.0.attention.query", 2, 3, {1, 2, 3, 4, 5, 6}}, {"empty", 0, 3, {}}}};
}

/// The error of reading a file with these bytes.
std::string complaint(const std::string& bytes) {
  try {
    parse_checkpoint(bytes, "file");
    return "";
  } catch (const Error& error) {
    CHECK(error.field() == "file");
    return error.what();
  }
}

std::string complaint(const Checkpoint& checkpoint) { return complaint(checkpoint_bytes(checkpoint)); }

bool says(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a checkpoint reads back as it was written", "[model]") {
  CHECK(parse_checkpoint(checkpoint_bytes(example()), "file") == example());
}

TEST_CASE("a file that is cut short, damaged or not a checkpoint is refused with the reason", "[model]") {
  const std::string bytes = checkpoint_bytes(example());
  for (std::size_t length = 8; length < bytes.size(); ++length) {
    REQUIRE(says(complaint(bytes.substr(0, length)), "cut short"));
  }
  for (std::size_t i = 12; i < bytes.size(); ++i) {
    std::string damaged = bytes;
    damaged[i] ^= 1;
    REQUIRE(says(complaint(damaged), "damaged"));
  }
  std::string newer = bytes;
  newer[8] = 2;
  CHECK(says(complaint(newer), "version"));
  CHECK(says(complaint("PNG"), "not a Mesa Lab checkpoint"));
  CHECK(says(complaint(bytes + "more"), "damaged"));
}

TEST_CASE("what no run can have written is refused, even with the right hash", "[model]") {
  Checkpoint twice = example();
  twice.tensors.push_back(twice.tensors[0]);
  CHECK(says(complaint(twice), "layers.0.attention.query twice"));
  Checkpoint same_key = example();
  same_key.settings.emplace_back("step", "8");
  CHECK(says(complaint(same_key), "step twice"));
  for (const float value : {std::nanf(""), std::numeric_limits<float>::infinity()}) {
    Checkpoint wild = example();
    wild.tensors[0].values[4] = value;
    CHECK(says(complaint(wild), "not finite in layers.0.attention.query"));
  }
}

TEST_CASE("texts of a checkpoint have to be UTF-8", "[model]") {
  const auto with = [](const char* text) {
    Checkpoint checkpoint = example();
    checkpoint.settings[0].second = text;
    return checkpoint;
  };
  for (const char* text : {"plain", "\xc3\xa9", "\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80",
                           "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", "\x7f"}) {
    CHECK(complaint(with(text)).empty());
  }
  for (const char* text : {"\x80", "\xff", "a\xc3", "\xc3(", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80",
                           "\xe2\x82", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80"}) {
    CHECK(says(complaint(with(text)), "UTF-8"));
  }
  Checkpoint name = example();
  name.tensors[0].name = "\xff";
  CHECK(says(complaint(name), "UTF-8"));
}

}  // namespace mesa
