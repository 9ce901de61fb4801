#include "cli/commands.h"
#include "cli/json_output.h"
#include "cli/run_options.h"

namespace mesa {

int evaluate_command(const EvaluateOptions& options, std::ostream& out) {
  check_apart({"--out", options.out}, {{"--checkpoint", options.checkpoint}});
  std::vector<Setting> overrides = parse_settings(options.settings);
  if (!options.task.empty()) overrides.push_back({"task", options.task});
  Experiment experiment = experiment_from(options.checkpoint, overrides, options.threads);
  JsonOutput output(options.out, out);
  Json json = result_json("mesa-evaluation", experiment.config());
  json["step"] = experiment.step();
  json["evaluation"] = evaluation_json(experiment);
  output.write(json);
  return 0;
}

}  // namespace mesa
