#pragma once

#include <initializer_list>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace mesa {

/// A named value in a message. A std::variant of the three kinds would compile to more code.
struct ErrorParameter {
  enum class Kind { number, text, names };

  const char* name;  ///< a literal
  Kind kind;
  double number;
  std::string text;  ///< names are separated by kNameSeparator
};
inline constexpr std::string_view kNameSeparator = ", ";

using Names = std::span<const std::string_view>;

/// Thrown for invalid input. The English message names the field, what was expected and what came; the code
/// and the parameters say the same for messages in any language.
class Error : public std::runtime_error {
 public:
  Error(const char* code, std::string_view field, std::string_view message);

  // Adds a parameter. Passing a list to the constructor would compile to more code at every call.
  void add(const char* name, double number);
  void add(const char* name, std::string_view text);
  void add(const char* name, Names names);

  /// Identifies the kind of error; each factory below sets its own.
  [[nodiscard]] const char* code() const { return code_; }
  /// The configuration key, option or file at fault.
  [[nodiscard]] const std::string& field() const { return field_; }
  [[nodiscard]] const std::vector<ErrorParameter>& parameters() const { return parameters_; }

 private:
  const char* code_;
  std::string field_;
  std::vector<ErrorParameter> parameters_;
};

/// Concatenates the parts; a chain of additions would compile to more code.
std::string joined(std::initializer_list<std::string_view> parts);

// A factory for each kind of error. A `message`, unless empty, puts the parameters and the reason in words.

/// `key` is not a configuration key.
Error unknown_key(std::string_view key);

/// `got` is not one of `expected`.
Error unknown_name(std::string_view field, Names expected, std::string_view got);

/// `got` is not a number.
Error not_a_number(std::string_view field, std::string_view got);

/// `got` is not a whole number.
Error not_whole(std::string_view field, std::string_view got);

/// `got` is not within [minimum, maximum]; `depends_on` names the fields that determine these limits.
Error out_of_range(std::string_view field, double minimum, double maximum, double got, Names depends_on = {},
                   std::string_view message = {});

/// `got` is not a multiple of `of`, the value of the field `other`.
Error not_multiple(std::string_view field, std::string_view other, double of, double got);

/// The run would need `megabytes`, more than `limit`; lower values of the `remedies` reduce that.
Error too_large(std::string_view field, double megabytes, double limit, Names remedies);

/// The request requires the field, or every entry of a list, to be one of `expected`.
Error needs(std::string_view field, Names expected, std::string_view got, std::string_view message);

/// The request requires at least one of `expected` in the list.
Error needs_some(std::string_view field, Names expected, std::string_view got, std::string_view message);

/// A value has the wrong kind or size.
Error mismatched(std::string_view field, std::string_view expected, std::string_view got);

/// The request came before `what` it depends on, such as the sums of all gradient groups of a step.
Error missing(std::string_view field, std::string_view what);

/// The file cannot be read, written or understood.
Error bad_file(std::string_view path, std::string_view message);

}  // namespace mesa
