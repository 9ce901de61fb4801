#include "experiment/analyses.h"

#include "analysis/kinds.h"
#include "core/error.h"

namespace mesa {

std::vector<Analysis> analyses() {
  std::vector<Analysis> all;
  for (const auto table : {weight_analyses(), probe_analyses(), attention_analyses(), regression_analyses(),
                           training_analyses()})
    all.insert(all.end(), table.begin(), table.end());
  return all;
}

Record analyze(std::span<const Analysis> among, std::string_view kind, const Config& config,
               std::span<const float> parameters, const Effort& effort) {
  std::vector<std::string_view> names;
  for (const Analysis& analysis : among) {
    if (analysis.kind == kind) {
      const Subject subject{config.task, config.tokens, config.model, parameters, config.seed};
      check_fit(kind, subject);
      return analysis.run(subject, effort);
    }
    names.push_back(analysis.kind);
  }
  throw unknown_name("KIND", names, kind);
}

}  // namespace mesa
