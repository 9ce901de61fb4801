#pragma once

#include <initializer_list>
#include <string>
#include <variant>
#include <vector>

#include "reference/predictor.h"

namespace mesa {

struct RecordField;

/// The result of an analysis as named values in order, so that one conversion serves all of them wherever
/// they go: JSON on the command line, objects in JavaScript.
struct Record {
  Record(std::initializer_list<RecordField> fields);

  std::vector<RecordField> fields;
};

struct RecordField {
  std::string name;
  std::variant<double, std::string, std::vector<double>, RowMatrix, Record, std::vector<Record>> value;
};

inline Record::Record(std::initializer_list<RecordField> fields) : fields(fields) {}

}  // namespace mesa
