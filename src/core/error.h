#pragma once

#include <initializer_list>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace mesa {

/// Something that a message speaks of. Not a std::variant of all three, which would be more code.
struct ErrorParameter {
  enum class Kind { number, text, names };

  const char* name;  ///< a literal
  Kind kind;
  double number;
  std::string text;  ///< or names, separated by kNameSeparator
};
inline constexpr std::string_view kNameSeparator = ", ";

using Names = std::span<const std::string_view>;

/// Bad input, found at the boundary. The message, in English, names the field, what was expected and what
/// came; the code and its parameters say the same, for messages in any language.
class Error : public std::runtime_error {
 public:
  Error(const char* code, std::string_view field, std::string_view message);

  // Not a list for the constructor, which would be more code wherever one is made.
  void add(const char* name, double number);
  void add(const char* name, std::string_view text);
  void add(const char* name, Names names);

  /// The kind of error, in a word; each factory below has one.
  [[nodiscard]] const char* code() const { return code_; }
  /// Key of the configuration field, option or file at fault.
  [[nodiscard]] const std::string& field() const { return field_; }
  [[nodiscard]] const std::vector<ErrorParameter>& parameters() const { return parameters_; }

 private:
  const char* code_;
  std::string field_;
  std::vector<ErrorParameter> parameters_;
};

/// The parts one after the other: for messages, where a chain of additions would be a lot of code.
std::string joined(std::initializer_list<std::string_view> parts);

// The kinds of errors. Where a message is given that is not empty, it says in English what the parameters
// say, and why.

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

/// The number is no multiple of `of`, the value of the field `other`.
Error not_multiple(std::string_view field, std::string_view other, double of, double got);

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
