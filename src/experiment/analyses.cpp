#include "experiment/analyses.h"

#include "analysis/requirements.h"
#include "core/error.h"

namespace mesa {

std::vector<Analysis> analyses() {
  std::vector<Analysis> all;
  for (const auto table : {weight_analyses(), probe_analyses(), attention_analyses(), regression_analyses(),
                           training_analyses()})
    all.insert(all.end(), table.begin(), table.end());
  return all;
}

Record analyze(std::span<const Analysis> among, std::string_view name, const Config& config,
               std::span<const float> parameters, const Effort& effort) {
  std::vector<std::string_view> names;
  for (const Analysis& analysis : among) {
    if (analysis.name == name) {
      const Subject subject{config.task, config.tokens, config.model, parameters, config.seed};
      require_fit(name, subject);
      return analysis.run(subject, effort);
    }
    names.push_back(analysis.name);
  }
  throw unknown_name("KIND", names, name);
}

}  // namespace mesa
