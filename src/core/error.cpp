#include "core/error.h"

#include "core/number_text.h"

namespace mesa {
namespace {

std::string listed(Names names) {
  std::string list;
  for (const std::string_view name : names) list += joined({list.empty() ? "" : kNameSeparator, name});
  return list;
}

}  // namespace

Error::Error(const char* code, std::string_view field, std::string_view message)
    : std::runtime_error(joined({field, ": ", message})), code_(code), field_(field) {}

void Error::add(const char* name, double number) {
  parameters_.push_back({name, ErrorParameter::Kind::number, number, {}});
}

void Error::add(const char* name, std::string_view text) {
  parameters_.push_back({name, ErrorParameter::Kind::text, 0, std::string(text)});
}

void Error::add(const char* name, Names names) {
  add(name, listed(names));
  parameters_.back().kind = ErrorParameter::Kind::names;
}

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

Error unknown_key(std::string_view key) {
  return {"unknown_key", key, "there is no such configuration key; `mesa config` prints all of them"};
}

Error unknown_name(std::string_view field, Names expected, std::string_view got) {
  Error error("unknown_name", field, joined({"expected one of ", listed(expected), ", got \"", got, "\""}));
  error.add("expected", expected);
  error.add("got", got);
  return error;
}

Error not_a_number(std::string_view field, std::string_view got) {
  Error error("not_a_number", field, joined({"expected a number, got \"", got, "\""}));
  error.add("got", got);
  return error;
}

Error not_whole(std::string_view field, std::string_view got) {
  Error error("not_whole", field, joined({"expected a whole number, got \"", got, "\""}));
  error.add("got", got);
  return error;
}

Error out_of_range(std::string_view field, double minimum, double maximum, double got, Names depends_on,
                   std::string_view message) {
  const std::string from = number_text(minimum);
  const std::string to = number_text(maximum);
  const std::string expected = joined({"expected a value from ", from, " to ", to});
  Error error("out_of_range", field,
              joined({message.empty() ? expected : message, ", got ", number_text(got)}));
  error.add("minimum", minimum);
  error.add("maximum", maximum);
  error.add("got", got);
  error.add("depends_on", depends_on);
  return error;
}

Error not_multiple(std::string_view field, std::string_view other, double of, double got) {
  Error error("not_multiple", field,
              joined({"expected a multiple of ", other, " (", number_text(of), "), got ", number_text(got)}));
  error.add("other", other);
  error.add("of", of);
  error.add("got", got);
  return error;
}

Error too_large(std::string_view field, double megabytes, double limit, Names remedies) {
  Error error("too_large", field,
              joined({"the run would need ", number_text(megabytes), " MB, more than the limit of ",
                      number_text(limit), " MB; lower one of ", listed(remedies)}));
  error.add("megabytes", megabytes);
  error.add("limit", limit);
  error.add("remedies", remedies);
  return error;
}

namespace {

Error unfit(const char* code, std::string_view field, Names expected, std::string_view got,
            std::string_view message) {
  const std::string plain = joined({"expected ", listed(expected), ", got ", got});
  Error error(code, field, message.empty() ? plain : message);
  error.add("expected", expected);
  error.add("got", got);
  return error;
}

}  // namespace

Error needs(std::string_view field, Names expected, std::string_view got, std::string_view message) {
  return unfit("needs", field, expected, got, message);
}

Error needs_some(std::string_view field, Names expected, std::string_view got, std::string_view message) {
  return unfit("needs_some", field, expected, got, message);
}

Error mismatched(std::string_view field, std::string_view expected, std::string_view got) {
  Error error("mismatch", field, joined({"expected ", expected, ", got ", got}));
  error.add("expected", expected);
  error.add("got", got);
  return error;
}

Error missing(std::string_view field, std::string_view what) {
  Error error("missing", field, joined({what, " is missing"}));
  error.add("what", what);
  return error;
}

Error bad_file(std::string_view path, std::string_view message) {
  Error error("bad_file", path, message);
  error.add("reason", message);
  return error;
}

}  // namespace mesa
