#pragma once

#include <cstdio>
#include <random>
#include <string>

namespace mesa::test {

/// A file in the working directory that is gone when the test is. Tests run at the same time, and so do the
/// builds of one test for several engines: no two have the same path.
struct TemporaryFile {
  explicit TemporaryFile(const std::string& name)
      : path(std::to_string(std::random_device{}()) + '.' + name) {}
  ~TemporaryFile() { std::remove(path.c_str()); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  std::string path;
};

}  // namespace mesa::test
