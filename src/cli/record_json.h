#pragma once

#include "analysis/record.h"
#include "cli/run_json.h"

namespace mesa {

/// The record as JSON, with matrices as lists of rows and NaN as null.
Json record_json(const Record& record);

}  // namespace mesa
