#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "analysis/record.h"
#include "analysis/subject.h"
#include "experiment/config.h"

namespace mesa {

/// What carries out one kind of analysis: an entry of the tables that the command line and the bindings
/// share.
struct Analysis {
  std::string_view kind;  ///< its name, see analysis/kinds.h
  Record (*run)(const Subject& subject, const Effort& effort);
};

// Tables, each a module for the page, which loads what it is asked for. A file each: texts of one file are
// linked together or not at all.

/// Of what the weights amount to.
std::span<const Analysis> weight_analyses();
/// Of what layers know.
std::span<const Analysis> probe_analyses();
std::span<const Analysis> attention_analyses();
/// Of regression in context.
std::span<const Analysis> regression_analyses();
/// Of what has to be trained first.
std::span<const Analysis> training_analyses();
/// All of them.
std::vector<Analysis> analyses();

/// Runs the analysis of that kind on the model of a run. Throws Error when it is not among those given, or
/// the model is not one that it can look at.
Record analyze(std::span<const Analysis> among, std::string_view kind, const Config& config,
               std::span<const float> parameters, const Effort& effort);

}  // namespace mesa
