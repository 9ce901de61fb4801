#pragma once

#include <initializer_list>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mesa {

/// What is wrong, as names and values that a message in any language can be made of.
struct ErrorParameter {
  std::string name;
  std::variant<double, std::string, std::vector<std::string>> value;
};

/// Bad input, found at the boundary. The message, in English, names the field, what was expected and what
/// came; the same is said by the code and its parameters.
class Error : public std::runtime_error {
 public:
  Error(std::string_view code, std::string_view field, std::string_view message,
        std::vector<ErrorParameter> parameters);

  /// The kind of error, in a word; each factory below has one.
  [[nodiscard]] const std::string& code() const { return code_; }
  /// Key of the configuration field, option or file at fault.
  [[nodiscard]] const std::string& field() const { return field_; }
  [[nodiscard]] const std::vector<ErrorParameter>& parameters() const { return parameters_; }

 private:
  std::string code_;
  std::string field_;
  std::vector<ErrorParameter> parameters_;
};

/// The parts one after the other: for messages, where a chain of additions would be a lot of code.
std::string joined(std::initializer_list<std::string_view> parts);

using Names = std::span<const std::string_view>;

// The kinds of errors. Where a message is given, it says in English what the parameters say, and why.

/// There is no such configuration key.
Error unknown_key(std::string_view key);

/// `got` is none of `expected`.
Error unknown_name(std::string_view field, Names expected, std::string_view got);

/// The text is no number.
Error not_a_number(std::string_view field, std::string_view got);

/// The text is no whole number.
Error not_whole(std::string_view field, std::string_view got);

/// The number is not from `minimum` to `maximum`. `depends_on`: the fields that these follow from.
Error out_of_range(std::string_view field, double minimum, double maximum, double got, Names depends_on = {},
                   std::string_view message = {});

/// The number is no multiple of `of`, which is another field.
Error not_multiple(std::string_view field, std::string_view other, double of, double got,
                   std::string_view message);

/// The run would take `megabytes`, more than `limit`; smaller values of the `remedies` would help.
Error too_large(std::string_view field, double megabytes, double limit, Names remedies);

/// The field has to be one of `expected`, a list one of nothing else, for what was asked.
Error needs(std::string_view field, Names expected, std::string_view got, std::string_view message);

/// The list has to have one of `expected` in it, for what was asked.
Error needs_some(std::string_view field, Names expected, std::string_view got, std::string_view message);

/// What was given is not of the kind or the size that belongs there.
Error mismatched(std::string_view field, std::string_view expected, std::string_view got);

/// Something is asked for too early: these come first, such as the groups of a step.
Error missing(std::string_view field, std::string_view what);

/// The file cannot be read, written or understood.
Error bad_file(std::string_view path, std::string_view message);

}  // namespace mesa
