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
  /// Held-out sequences, drawn once from the seed. So many give a mean to half a per cent, since a few
  /// sequences of the linear task are far harder than the others.
  int sequences = 16384;
  int interval = 100;  ///< updates between two evaluations
};

/// Everything that determines what a run computes.
struct Config {
  std::string preset;
  std::string variant;
  TaskConfig task;
  TokenConfig tokens;
  ModelConfig model;  ///< its sizes that are not fields follow from the task and the tokens
  TrainingConfig training;
  EvaluationConfig evaluation;
  std::uint64_t seed = 1;
};

enum class FieldKind {
  integer,
  real,
  flag,    ///< on or off
  choice,  ///< one of several names
  list     ///< one or more names, in order, separated by commas
};

/// A row of the table of configuration keys, which serves validation, the command line, URLs and the page.
struct Field {
  std::string_view key;
  FieldKind kind;
  double minimum;                             ///< of a number
  double maximum;                             ///< of a number
  std::string_view unit;                      ///< may be empty; always is in WebAssembly
  std::string_view meaning;                   ///< one line; empty in WebAssembly
  std::span<const std::string_view> choices;  ///< the names, for all kinds but numbers
  /// The value as numbers: one, or one for each entry of a list. A name is its index in `choices`.
  std::vector<double> (*get)(const Config&);
  void (*set)(Config&, const std::vector<double>&);
};

std::span<const Field> config_fields();

/// The field of that key. Throws Error if there is none.
const Field& find_field(std::string_view key);

/// A value for one field of the table.
struct Setting {
  std::string_view key;
  std::string_view text;
};

/// Sets the field `key` from text. Setting `task` also sets all other fields of the task to the paper's
/// values. Throws Error naming the field if there is none or the text is not a value in its range.
void set_field(Config& config, std::string_view key, std::string_view text);

/// Sets fields in the table's order; of several values for a key the last counts. Throws like set_field().
void set_fields(Config& config, const std::vector<Setting>& settings);

/// The field's value as text that set_field() reads back to the same value.
std::string field_text(const Config& config, const Field& field);

}  // namespace mesa
