#pragma once

#include "analysis/record.h"
#include "cli/run_json.h"

namespace mesa {

/// The record as JSON: matrices as lists of rows, and null for what is not a number.
Json record_json(const Record& record);

}  // namespace mesa
