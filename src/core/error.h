#pragma once

#include <initializer_list>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace mesa {

/// Bad input, found at the boundary. The message names the field, what was expected and what came.
class Error : public std::runtime_error {
 public:
  Error(std::string_view field, std::string_view message);

  /// Key of the configuration field, option or file at fault.
  [[nodiscard]] const std::string& field() const { return field_; }

 private:
  std::string field_;
};

/// The parts one after the other: for messages, where a chain of additions would be a lot of code.
std::string joined(std::initializer_list<std::string_view> parts);

/// What to throw when `got` is not among the names there are.
Error no_such_name(std::string_view field, std::span<const std::string_view> names, std::string_view got);

}  // namespace mesa
