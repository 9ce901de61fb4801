#include "model/checkpoint.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "core/error.h"
#include "temporary_file.h"

namespace mesa {
namespace {

Checkpoint example() {
  return {{{"preset", "linear-1"}, {"step", "7"}},
          {{"layers.0.attention.query", 2, 3, {1, 2, 3, 4, 5, 6}}, {"empty", 0, 3, {}}}};
}

std::string file_bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// What reading a file of these bytes says.
std::string complaint(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes << std::flush;
  try {
    read_checkpoint(path);
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("a checkpoint reads back as it was written", "[model]") {
  const test::TemporaryFile file("checkpoint_reads_back.mesa");
  write_checkpoint(example(), file.path);
  CHECK(read_checkpoint(file.path) == example());
}

TEST_CASE("a checkpoint that is cut short, damaged or something else is refused with the reason", "[model]") {
  const test::TemporaryFile file("checkpoint_refused.mesa");
  write_checkpoint(example(), file.path);
  const std::string bytes = file_bytes(file.path);
  for (std::size_t length = 8; length < bytes.size(); ++length) {
    REQUIRE(complaint(file.path, bytes.substr(0, length)).find("cut short") != std::string::npos);
  }
  std::string damaged = bytes;
  damaged[damaged.size() - 12] ^= 1;
  CHECK(complaint(file.path, damaged).find("damaged") != std::string::npos);
  std::string newer = bytes;
  newer[8] = 2;
  CHECK(complaint(file.path, newer).find("version") != std::string::npos);
  CHECK(complaint(file.path, "PNG").find("no Mesa Lab checkpoint") != std::string::npos);
  CHECK(complaint(file.path, bytes + "more").find("damaged") != std::string::npos);
  CHECK_THROWS_AS(read_checkpoint("no_such_file.mesa"), Error);
  CHECK_THROWS_AS(write_checkpoint(example(), "no/such/folder/file"), Error);
}

}  // namespace mesa
