#include <iomanip>
#include <ostream>

#include "cli/commands.h"
#include "cli/run_options.h"
#include "experiment/presets.h"

namespace mesa {

int list_command(std::ostream& out) {
  for (const Preset& preset : presets()) {
    out << std::left << std::setw(25) << preset.name << preset.title << '\n';
    for (const Variant& variant : preset.variants()) {
      out << "  " << std::left << std::setw(8) << variant.name;
      const Config config = make_config(preset.name, variant.name);
      out << std::right << std::setw(6) << config.training.steps << " steps";
      if (variant.promised_loss) out << ", reaches a loss of " << *variant.promised_loss;
      out << '\n';
    }
  }
  return 0;
}

/// Prints every configuration key with its value and meaning.
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
