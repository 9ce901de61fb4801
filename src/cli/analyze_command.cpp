#include <ostream>

#include "analysis/registry.h"
#include "cli/commands.h"
#include "cli/json_output.h"
#include "cli/record_json.h"
#include "cli/run_options.h"
#include "core/error.h"

namespace mesa {

int analyze_command(const AnalyzeOptions& options, std::ostream& out, std::ostream& err) {
  check_apart({"--out", options.out}, {{"--checkpoint", options.checkpoint}});
  const Experiment experiment =
      experiment_from(options.checkpoint, parse_settings(options.settings), options.threads);
  JsonOutput output(options.out, out);
  Effort effort;
  effort.sequences = experiment.config().evaluation.sequences;
  effort.updates = options.updates;
  effort.threads = options.threads;
  int tenths = 0;
  effort.progress = [&](double share) {
    if (options.quiet || int(10 * share) <= tenths) return;
    tenths = int(10 * share);
    err << options.kind << ": " << 10 * tenths << "%\n" << std::flush;
  };
  Json json = result_json("mesa-analysis", experiment.config());
  json["kind"] = options.kind;
  json["step"] = experiment.step();
  json["result"] = record_json(analyze(options.kind, experiment.subject(), effort));
  output.write(json);
  return 0;
}

}  // namespace mesa
