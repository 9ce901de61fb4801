#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "evaluate/references.h"
#include "experiment/config.h"
#include "experiment/experiment.h"

namespace mesa {

/// JSON that keeps its keys in the order they were added.
using Json = nlohmann::ordered_json;

/// The beginning of every result of `mesa`: its format ("mesa-run", ..), version, configuration and engine.
Json result_json(std::string_view format, const Config& config);

/// The evaluation of the model and of every reference: an object for each quantity, all with the same keys.
Json evaluation_json(Experiment& experiment);

/// The tuned parameters by name.
Json tuned_json(const ReferenceResult& reference);

/// The configuration, with numbers as numbers and choices as their names.
Json config_json(const Config& config);

/// One point of the training curve.
struct CurvePoint {
  int step;
  double loss;  ///< on the held-out sequences
};

/// The result of `mesa train` (format "mesa-run", version 1, see REFERENCE.md) without timings.
Json run_json(Experiment& experiment, const std::vector<CurvePoint>& curve, const TrainingStatus& status);

}  // namespace mesa
