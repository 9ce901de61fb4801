// Fuzzes configurations as text: a line "preset variant", then a line "key=value" for each setting. An
// accepted configuration must read back to itself from its own text.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/error.h"
#include "experiment/presets.h"

namespace {

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts{""};
  for (const char character : text) {
    if (character == separator) {
      parts.emplace_back();
    } else {
      parts.back() += character;
    }
  }
  return parts;
}

void require_same(const mesa::Config& config) {
  std::vector<std::string> texts;
  for (const mesa::Field& field : mesa::config_fields()) texts.push_back(mesa::field_text(config, field));
  std::vector<mesa::Setting> settings;
  for (std::size_t i = 0; i < texts.size(); ++i) settings.push_back({mesa::config_fields()[i].key, texts[i]});
  const mesa::Config again = mesa::preset_config(config.preset, config.variant, settings);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (mesa::field_text(again, mesa::config_fields()[i]) != texts[i]) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<std::string> lines = split(std::string(data, data + size), '\n');
  std::vector<std::string> run = split(lines.front(), ' ');
  run.resize(2);
  std::vector<mesa::Setting> settings;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::string_view line = lines[i];
    const std::size_t equals = line.find('=');
    if (equals != std::string_view::npos)
      settings.push_back({line.substr(0, equals), line.substr(equals + 1)});
  }
  try {
    require_same(mesa::make_config(run[0], run[1], settings));
  } catch (const mesa::Error&) {
    return 0;
  }
  return 0;
}
