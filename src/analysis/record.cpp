#include "analysis/record.h"

#include <utility>

namespace mesa {

RecordField::RecordField(const char* name, double number) : name(name), value(number) {}
RecordField::RecordField(const char* name, std::string text) : name(name), value(std::move(text)) {}
RecordField::RecordField(const char* name, std::vector<double> numbers)
    : name(name), value(std::move(numbers)) {}
RecordField::RecordField(const char* name, RowMatrix matrix) : name(name), value(std::move(matrix)) {}
RecordField::RecordField(const char* name, Record record) : name(name), value(std::move(record)) {}
RecordField::RecordField(const char* name, std::vector<Record> records)
    : name(name), value(std::move(records)) {}

RecordField::RecordField(const RecordField&) = default;
RecordField::RecordField(RecordField&&) noexcept = default;
RecordField& RecordField::operator=(const RecordField&) = default;
RecordField& RecordField::operator=(RecordField&&) noexcept = default;
RecordField::~RecordField() = default;

Record::Record(std::initializer_list<RecordField> fields) : fields(fields) {}
Record::Record(const Record&) = default;
Record::Record(Record&&) noexcept = default;
Record& Record::operator=(const Record&) = default;
Record& Record::operator=(Record&&) noexcept = default;
Record::~Record() = default;

}  // namespace mesa
