#include <iomanip>
#include <ostream>

#include "cli/commands.h"
#include "cli/run_options.h"
#include "experiment/presets.h"

namespace mesa {

int list_command(std::ostream& out) {
  for (const Preset& preset : presets()) {
    std::string variants;
    for (const Variant& variant : preset.variants)
      variants += (variants.empty() ? "" : ", ") + std::string(variant.name);
    out << std::left << std::setw(25) << preset.name << std::setw(16) << variants << preset.title << '\n';
  }
  return 0;
}

/// The whole table with the values of one configuration.
int config_command(const RunOptions& options, std::ostream& out) {
  const Config config = config_from(options);
  for (const Field& field : config_fields()) {
    out << std::left << std::setw(22) << field.key << std::setw(20) << field_text(config, field)
        << field.meaning;
    if (!field.unit.empty()) out << " (" << field.unit << ')';
    out << '\n';
  }
  return 0;
}

}  // namespace mesa
