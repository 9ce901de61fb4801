#include "cli/record_json.h"

namespace mesa {
namespace {

Json value_json(double number) { return number; }
Json value_json(const std::string& text) { return text; }
Json value_json(const std::vector<double>& numbers) { return numbers; }

Json value_json(const RowMatrix& matrix) {
  Json rows = Json::array();
  for (Eigen::Index i = 0; i < matrix.rows(); ++i) {
    rows.push_back(std::vector<double>(matrix.row(i).begin(), matrix.row(i).end()));
  }
  return rows;
}

Json value_json(const Record& record) { return record_json(record); }

Json value_json(const std::vector<Record>& records) {
  Json list = Json::array();
  for (const Record& record : records) list.push_back(record_json(record));
  return list;
}

}  // namespace

Json record_json(const Record& record) {
  Json json = Json::object();
  for (const auto& [name, value] : record.fields) {
    json[name] = std::visit([](const auto& alternative) { return value_json(alternative); }, value);
  }
  return json;
}

}  // namespace mesa
