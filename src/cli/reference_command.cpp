#include "cli/commands.h"
#include "cli/json_output.h"
#include "cli/run_options.h"
#include "experiment/comparison.h"

namespace mesa {

int reference_command(const ReferenceOptions& options, std::ostream& out) {
  const std::optional<ContextPairs> pairs = parse_pairs(options.pairs);
  const Config config = config_from(options.run);
  Comparison comparison(config, options.threads);
  JsonOutput output(options.out, out);
  const ReferenceResult& result = comparison.reference(options.algorithm, options.steps, pairs);
  Json json = result_json("mesa-reference", config);
  json["algorithm"] = result.name;
  json["steps"] = options.steps;
  json["pairs"] = result.pairs == ContextPairs::lagged ? "lagged" : "all";
  json["tuned"] = tuned_json(result);
  json["curve"] = result.loss.by_position;
  json["mean"] = result.loss.mean;
  json["standard_error"] = result.loss.standard_error;
  output.write(json);
  return 0;
}

}  // namespace mesa
