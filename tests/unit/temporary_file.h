#pragma once

#include <cstdio>
#include <random>
#include <string>

namespace mesa::test {

/// A file in the working directory that is removed after the test. Tests, and builds of one test for several
/// engines, run at the same time, so every file has a path of its own.
struct TemporaryFile {
  explicit TemporaryFile(const std::string& name)
      : path(std::to_string(std::random_device{}()) + '.' + name) {}
  ~TemporaryFile() { std::remove(path.c_str()); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  std::string path;
};

}  // namespace mesa::test
