#include "cli/run_options.h"

#include "cli/files.h"
#include "core/error.h"
#include "experiment/presets.h"

namespace mesa {

std::vector<Setting> parse_settings(const std::vector<std::string>& settings) {
  std::vector<Setting> parsed;
  for (const std::string& setting : settings) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos) throw mismatched("--set", "key=value", '"' + setting + '"');
    const std::string_view view = setting;
    parsed.push_back({view.substr(0, equals), view.substr(equals + 1)});
  }
  return parsed;
}

Config config_from(const RunOptions& options, const std::vector<Setting>& more) {
  std::vector<Setting> overrides = parse_settings(options.settings);
  if (!options.seed.empty()) overrides.push_back({"seed", options.seed});
  overrides.insert(overrides.end(), more.begin(), more.end());
  return make_config(options.preset, options.variant, overrides);
}

Experiment experiment_from(const std::string& checkpoint_path, const std::vector<Setting>& overrides,
                           int threads) {
  const Checkpoint checkpoint = read_checkpoint(checkpoint_path);
  Experiment experiment(checkpoint_config(checkpoint, overrides), threads);
  experiment.restore(checkpoint);
  return experiment;
}

}  // namespace mesa
