#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/task.h"
#include "data/tokens.h"
#include "model/config.h"
#include "train/config.h"

namespace mesa {

struct EvaluationConfig {
  /// Held-out sequences, drawn once from the seed. As many as it takes to know a mean to half a per cent: a
  /// few sequences of the linear task are far harder than the others.
  int sequences = 16384;
  int interval = 100;  ///< updates between two evaluations
};

/// Everything that decides what a run computes.
struct Config {
  std::string preset;
  std::string variant;
  TaskConfig task;
  TokenConfig tokens;
  ModelConfig model;  ///< its sizes that are no fields follow from the task and the tokens
  TrainingConfig training;
  EvaluationConfig evaluation;
  std::uint64_t seed = 1;
};

enum class FieldKind {
  integer,
  real,
  flag,    ///< on or off
  choice,  ///< one of several names
  list     ///< one or more of them, in order, separated by commas
};

/// One row of the table of configuration fields, which drives validation, the command line, URLs and the
/// page.
struct Field {
  std::string_view key;
  FieldKind kind;
  double minimum;                             ///< of a number
  double maximum;                             ///< of a number
  std::string_view unit;                      ///< may be empty; WebAssembly has none
  std::string_view meaning;                   ///< one line; likewise
  std::span<const std::string_view> choices;  ///< the names of all kinds but numbers
  /// The value as numbers: one, or of a list as many as it has entries; a name is its index in `choices`.
  std::vector<double> (*get)(const Config&);
  void (*set)(Config&, const std::vector<double>&);
};

std::span<const Field> config_fields();

/// The field of that key; throws Error when there is none.
const Field& find_field(std::string_view key);

/// A value for one field of the table.
struct Setting {
  std::string_view key;
  std::string_view text;
};

/// Sets the field `key` from text. Setting `task` also sets all other fields of the task to the paper's
/// values for it. Throws Error naming the field when there is none, the text is no such
/// value, or the value is out of range.
void set_field(Config& config, std::string_view key, std::string_view text);

/// Sets many fields in the table's order, whatever order they come in; of several values for one key the
/// last one counts. Throws as set_field() does.
void set_fields(Config& config, const std::vector<Setting>& settings);

/// The field's value as text that set_field() reads back to the same value.
std::string field_text(const Config& config, const Field& field);

}  // namespace mesa
