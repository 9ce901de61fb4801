#include "core/error.h"

namespace mesa {

Error::Error(std::string_view field, std::string_view message)
    : std::runtime_error(joined({field, ": ", message})), field_(field) {}

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

Error no_such_name(std::string_view field, std::span<const std::string_view> names, std::string_view got) {
  std::string known;
  for (const std::string_view name : names) known += joined({known.empty() ? "" : ", ", name});
  return {field, joined({"expected one of ", known, ", got \"", got, "\""})};
}

}  // namespace mesa
