#include "cli/commands.h"
#include "cli/json_output.h"
#include "cli/run_options.h"
#include "experiment/experiment.h"

namespace mesa {

int evaluate_command(const EvaluateOptions& options, std::ostream& out) {
  const Checkpoint checkpoint = read_checkpoint(options.checkpoint);
  std::vector<Setting> overrides = parse_settings(options.settings);
  if (!options.task.empty()) overrides.push_back({"task", options.task});
  Experiment experiment(checkpoint_config(checkpoint, overrides), options.threads);
  experiment.restore(checkpoint);
  JsonOutput output(options.out, out);
  Json json = result_json("mesa-evaluation", experiment.config());
  json["step"] = experiment.step();
  json["evaluation"] = evaluation_json(experiment);
  output.write(json);
  return 0;
}

}  // namespace mesa
