#pragma once

#include <cstdio>
#include <string>

namespace mesa::test {

/// A file in the working directory that is gone when the test is. Names must differ between tests, which may
/// run at the same time.
struct TemporaryFile {
  explicit TemporaryFile(std::string name) : path(std::move(name)) {}
  ~TemporaryFile() { std::remove(path.c_str()); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  std::string path;
};

}  // namespace mesa::test
