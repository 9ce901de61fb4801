#include "core/error.h"

#include "core/number_text.h"

namespace mesa {
namespace {

std::vector<std::string> texts_of(Names names) { return {names.begin(), names.end()}; }

std::string listed(Names names) {
  std::string list;
  for (const std::string_view name : names) list += joined({list.empty() ? "" : ", ", name});
  return list;
}

}  // namespace

Error::Error(std::string_view code, std::string_view field, std::string_view message,
             std::vector<ErrorParameter> parameters)
    : std::runtime_error(joined({field, ": ", message})),
      code_(code),
      field_(field),
      parameters_(std::move(parameters)) {}

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

Error unknown_key(std::string_view key) {
  return {"unknown_key", key, "there is no such configuration key; `mesa config` prints all of them", {}};
}

Error unknown_name(std::string_view field, Names expected, std::string_view got) {
  return {"unknown_name",
          field,
          joined({"expected one of ", listed(expected), ", got \"", got, "\""}),
          {{"expected", texts_of(expected)}, {"got", std::string(got)}}};
}

Error not_a_number(std::string_view field, std::string_view got) {
  return {
      "not_a_number", field, joined({"expected a number, got \"", got, "\""}), {{"got", std::string(got)}}};
}

Error not_whole(std::string_view field, std::string_view got) {
  return {"not_whole",
          field,
          joined({"expected a whole number, got \"", got, "\""}),
          {{"got", std::string(got)}}};
}

Error out_of_range(std::string_view field, double minimum, double maximum, double got, Names depends_on,
                   std::string_view message) {
  const std::string range = joined({"expected a value from ", number_text(minimum), " to ",
                                    number_text(maximum), ", got ", number_text(got)});
  return {"out_of_range",
          field,
          message.empty() ? range : message,
          {{"minimum", minimum}, {"maximum", maximum}, {"got", got}, {"depends_on", texts_of(depends_on)}}};
}

Error not_multiple(std::string_view field, std::string_view other, double of, double got,
                   std::string_view message) {
  return {"not_multiple", field, message, {{"other", std::string(other)}, {"of", of}, {"got", got}}};
}

Error too_large(std::string_view field, double megabytes, double limit, Names remedies) {
  return {"too_large",
          field,
          joined({"the run would need ", number_text(megabytes), " MB, more than ", number_text(limit),
                  "; smaller values would help of ", listed(remedies)}),
          {{"megabytes", megabytes}, {"limit", limit}, {"remedies", texts_of(remedies)}}};
}

Error needs(std::string_view field, Names expected, std::string_view got, std::string_view message) {
  return {"needs", field, message, {{"expected", texts_of(expected)}, {"got", std::string(got)}}};
}

Error needs_some(std::string_view field, Names expected, std::string_view got, std::string_view message) {
  return {"needs_some", field, message, {{"expected", texts_of(expected)}, {"got", std::string(got)}}};
}

Error mismatched(std::string_view field, std::string_view expected, std::string_view got) {
  return {"mismatch",
          field,
          joined({"expected ", expected, ", got ", got}),
          {{"expected", std::string(expected)}, {"got", std::string(got)}}};
}

Error missing(std::string_view field, std::string_view what) {
  return {"missing", field, joined({what, " is missing"}), {{"what", std::string(what)}}};
}

Error bad_file(std::string_view path, std::string_view message) {
  return {"bad_file", path, message, {{"reason", std::string(message)}}};
}

}  // namespace mesa
