#pragma once

#include <span>
#include <string_view>

#include "analysis/record.h"
#include "analysis/subject.h"
#include "experiment/config.h"

namespace mesa {

/// One analysis of a trained model: an entry of the table that the command line and the bindings share.
struct Analysis {
  std::string_view name;
  std::string_view meaning;  ///< one line
  Record (*run)(const Subject& subject, const Effort& effort);
};

std::span<const Analysis> analyses();

/// Runs the analysis of that name on the model of a run. Throws Error when there is none, or the model is not
/// one that it can look at.
Record analyze(std::string_view name, const Config& config, std::span<const float> parameters,
               const Effort& effort);

}  // namespace mesa
