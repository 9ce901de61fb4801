// Writes the engine's configuration fields, presets and analyses as the TypeScript module that the page is
// built with: write_facts FILE. A file that is up to date is left alone.

#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/kinds.h"
#include "core/error.h"
#include "core/number_text.h"
#include "experiment/config.h"
#include "experiment/presets.h"

namespace mesa {
namespace {

/// A TypeScript literal. Texts of the engine are printable ASCII.
std::string literal(std::string_view text) {
  std::string quoted = "'";
  for (const char character : text) {
    if (character == '\'' || character == '\\') quoted += '\\';
    quoted += character;
  }
  return quoted + "'";
}
std::string literal(double number) { return number_text(number); }
std::string literal(bool value) { return value ? "true" : "false"; }

/// `{ a: 1, b: 2 }` or `[1, 2]`, of parts that are literals.
std::string enclosed(const char* begin, const std::vector<std::string>& parts, const char* end) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return begin + text + end;
}
std::string object(const std::vector<std::string>& properties) { return enclosed("{ ", properties, " }"); }
std::string array(const std::vector<std::string>& entries) { return enclosed("[", entries, "]"); }

/// An exported array with one entry per line.
std::string exported(std::string_view meaning, std::string_view name,
                     const std::vector<std::string>& entries) {
  std::string text = joined({"\n/** ", meaning, " */\nexport const ", name, " = [\n"});
  for (const std::string& entry : entries) text += "  " + entry + ",\n";
  return text + "] as const;\n";
}

std::string_view name_of(FieldKind kind) {
  switch (kind) {
    case FieldKind::integer: return "integer";
    case FieldKind::real: return "real";
    case FieldKind::flag: return "flag";
    case FieldKind::choice: return "choice";
    case FieldKind::list: return "list";
  }
  return {};
}

std::vector<std::string> field_entries() {
  std::vector<std::string> entries;
  for (const Field& field : config_fields()) {
    std::vector<std::string> choices;
    for (const std::string_view choice : field.choices) choices.push_back(literal(choice));
    entries.push_back(
        object({"key: " + literal(field.key), "kind: " + literal(name_of(field.kind)),
                "minimum: " + literal(field.minimum), "maximum: " + literal(field.maximum),
                "unit: " + literal(field.unit), "meaning: " + literal(field.meaning),
                "choices: " + array(choices), "default: " + literal(field_text(Config(), field))}));
  }
  return entries;
}

std::string variant_entry(const Preset& preset, const Variant& variant) {
  const Config config = preset_config(preset.name, variant.name);
  std::vector<std::string> settings;
  for (const Field& field : config_fields()) {
    const std::string text = field_text(config, field);
    if (text != field_text(Config(), field)) settings.push_back(joined({field.key, ": ", literal(text)}));
  }
  return object({"name: " + literal(variant.name),
                 "promisedLoss: " +
                     (variant.promised_loss ? literal(*variant.promised_loss) : std::string("undefined")),
                 "settings: " + object(settings)});
}

std::vector<std::string> preset_entries() {
  std::vector<std::string> entries;
  for (const Preset& preset : presets()) {
    std::vector<std::string> variants;
    for (const Variant& variant : preset.variants()) variants.push_back(variant_entry(preset, variant));
    entries.push_back(object({"name: " + literal(preset.name), "title: " + literal(preset.title),
                              "variants: " + array(variants)}));
  }
  return entries;
}

std::vector<std::string> kind_entries() {
  std::vector<std::string> entries;
  for (const AnalysisKind& kind : kAnalysisKinds) {
    entries.push_back(object({"kind: " + literal(kind.name), "meaning: " + literal(kind.meaning),
                              "trains: " + literal(kind.trains)}));
  }
  return entries;
}

std::string facts() {
  return "// Written by src/facts/write_facts.cpp from the engine's tables: not to be edited.\n" +
         exported(
             "Every configuration key; minimum and maximum are for numbers, choices for all other kinds.",
             "fields", field_entries()) +
         exported("The presets; each variant has the settings that differ from the default.", "presets",
                  preset_entries()) +
         exported("The analyses; trains: whether the analysis trains something, which takes long.",
                  "analysisKinds", kind_entries());
}

std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

int write_facts(const std::string& path) {
  const std::string text = facts();
  if (content(path) == text) return 0;
  std::ofstream file(path, std::ios::binary);
  file << text << std::flush;
  if (file) return 0;
  std::cerr << "write_facts: " << path << " cannot be written; check that the folder exists\n";
  return 1;
}

}  // namespace
}  // namespace mesa

int main(int count, char** arguments) {
  if (count == 2) return mesa::write_facts(arguments[1]);
  std::cerr << "usage: write_facts FILE\n";
  return 2;
}
