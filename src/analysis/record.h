#pragma once

#include <initializer_list>
#include <string>
#include <variant>
#include <vector>

#include "reference/predictor.h"

namespace mesa {

struct RecordField;

/// The result of an analysis as named values in order, so that one conversion serves all analyses: to JSON on
/// the command line, to objects in JavaScript.
struct Record {
  Record(std::initializer_list<RecordField> fields);
  Record(const Record&);
  Record(Record&&) noexcept;
  Record& operator=(const Record&);
  Record& operator=(Record&&) noexcept;
  ~Record();

  std::vector<RecordField> fields;
};

struct RecordField {
  using Value =
      std::variant<double, std::string, std::vector<double>, RowMatrix, Record, std::vector<Record>>;

  // Not inline, as results have many fields, whose code would add 2 kB to the compressed module.
  RecordField(const char* name, double number);
  RecordField(const char* name, std::string text);
  RecordField(const char* name, std::vector<double> numbers);
  RecordField(const char* name, RowMatrix matrix);
  RecordField(const char* name, Record record);
  RecordField(const char* name, std::vector<Record> records);
  RecordField(const RecordField&);
  RecordField(RecordField&&) noexcept;
  RecordField& operator=(const RecordField&);
  RecordField& operator=(RecordField&&) noexcept;
  ~RecordField();

  std::string name;
  Value value;
};

}  // namespace mesa
