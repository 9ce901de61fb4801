#include "experiment/run_checkpoint.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "core/error.h"
#include "core/number_text.h"
#include "experiment/complete_config.h"

namespace mesa {
namespace {

constexpr const char* kFirstMoment = "optimiser.first_moment.";
constexpr const char* kSecondMoment = "optimiser.second_moment.";

// Settings that are not fields of the table.
constexpr const char* kPreset = "preset";
constexpr const char* kVariant = "variant";
constexpr const char* kStep = "step";
constexpr const char* kLastGoodStep = "last_good_step";
constexpr const char* kBadSteps = "bad_steps";

constexpr const char* kLastGood = "last_good.";

std::string setting(const Checkpoint& checkpoint, std::string_view key) {
  const auto found = std::ranges::find(checkpoint.settings, key, &std::pair<std::string, std::string>::first);
  if (found == checkpoint.settings.end()) {
    throw mismatched("checkpoint", joined({"the setting ", key}), "none");
  }
  return found->second;
}

/// Reads a setting that is a count. Throws Error unless it is a whole number up to `most`.
int count_setting(const Checkpoint& checkpoint, const char* key, int most) {
  const std::string text = setting(checkpoint, key);
  const std::optional<double> value = parse_number(text);
  if (!value || *value != std::floor(*value)) throw not_whole(key, text);
  if (*value < 0 || *value > most) throw out_of_range(key, 0, most, *value);
  return int(*value);
}

/// Whether a setting may be chosen. The width of a model on constructed tokens follows from them, and may be
/// more than can be chosen.
bool is_free(std::string_view key, std::string_view tokens) {
  return key != "width" || tokens == kTokenKindNames[std::size_t(TokenKind::raw)];
}

std::string shape(std::uint64_t rows, std::uint64_t columns) {
  return '[' + std::to_string(rows) + ", " + std::to_string(columns) + ']';
}

void add_tensors(const std::string& prefix, const ParameterTable& table, const std::vector<float>& buffer,
                 Checkpoint& checkpoint) {
  for (const TensorInfo& tensor : table.tensors) {
    const float* first = buffer.data() + tensor.offset;
    checkpoint.tensors.push_back({prefix + tensor.name, std::uint32_t(tensor.rows),
                                  std::uint32_t(tensor.columns),
                                  std::vector<float>(first, first + tensor.size())});
  }
}

void take_tensors(const std::string& prefix, const ParameterTable& table, const Checkpoint& checkpoint,
                  std::vector<float>& buffer) {
  for (const TensorInfo& tensor : table.tensors) {
    const std::string expected = prefix + tensor.name + " " + shape(tensor.rows, tensor.columns);
    const auto found = std::ranges::find(checkpoint.tensors, prefix + tensor.name, &Checkpoint::Tensor::name);
    if (found == checkpoint.tensors.end()) {
      throw mismatched("checkpoint", "the tensor " + expected, "none; the file may be of another model");
    }
    if (int(found->rows) != tensor.rows || int(found->columns) != tensor.columns) {
      throw mismatched("checkpoint", "the tensor " + expected,
                       shape(found->rows, found->columns) + "; the file may be of another model");
    }
    std::ranges::copy(found->values, buffer.begin() + std::ptrdiff_t(tensor.offset));
  }
}

void add_model(const std::string& prefix, const ParameterTable& table, const ModelState& model,
               Checkpoint& checkpoint) {
  add_tensors(prefix, table, model.parameters, checkpoint);
  add_tensors(prefix + kFirstMoment, table, model.optimiser.first_moment, checkpoint);
  add_tensors(prefix + kSecondMoment, table, model.optimiser.second_moment, checkpoint);
}

ModelState take_model(const std::string& prefix, const char* step, int most_step, const ParameterTable& table,
                      const Checkpoint& checkpoint) {
  ModelState model{std::vector<float>(table.size), AdamWState(table.size)};
  take_tensors(prefix, table, checkpoint, model.parameters);
  take_tensors(prefix + kFirstMoment, table, checkpoint, model.optimiser.first_moment);
  take_tensors(prefix + kSecondMoment, table, checkpoint, model.optimiser.second_moment);
  if (std::ranges::any_of(model.optimiser.second_moment, [](float moment) { return moment < 0; })) {
    throw bad_file("checkpoint", "the optimiser's second moments cannot be negative");
  }
  model.step = count_setting(checkpoint, step, most_step);
  model.optimiser.updates = model.step;
  return model;
}

}  // namespace

Checkpoint run_checkpoint(const Config& config, const Trainer& trainer) {
  const TrainingState& state = trainer.state();
  Checkpoint checkpoint;
  checkpoint.settings = {{kPreset, config.preset}, {kVariant, config.variant}};
  const std::string tokens = field_text(config, find_field("tokens"));
  for (const Field& field : config_fields()) {
    if (is_free(field.key, tokens)) checkpoint.settings.emplace_back(field.key, field_text(config, field));
  }
  checkpoint.settings.emplace_back(kStep, std::to_string(state.model.step));
  checkpoint.settings.emplace_back(kLastGoodStep, std::to_string(state.last_good.step));
  checkpoint.settings.emplace_back(kBadSteps, std::to_string(state.bad_steps));
  add_model("", trainer.parameter_table(), state.model, checkpoint);
  add_model(kLastGood, trainer.parameter_table(), state.last_good, checkpoint);
  return checkpoint;
}

Config checkpoint_config(const Checkpoint& checkpoint, const std::vector<Setting>& overrides) {
  std::vector<Setting> settings;
  constexpr std::string_view kNoFields[] = {kPreset, kVariant, kStep, kLastGoodStep, kBadSteps};
  for (const auto& [key, text] : checkpoint.settings) {
    const bool is_field = std::ranges::find(kNoFields, key) == std::end(kNoFields);
    if (is_field && is_free(key, setting(checkpoint, "tokens"))) settings.push_back({key, text});
  }
  Config config;
  config.preset = setting(checkpoint, kPreset);
  config.variant = setting(checkpoint, kVariant);
  set_fields(config, settings);
  set_fields(config, overrides);
  complete_config(config);
  return config;
}

TrainingState checkpoint_state(const Checkpoint& checkpoint, const ParameterTable& table) {
  const int most_steps = int(find_field("steps").maximum);
  ModelState model = take_model("", kStep, most_steps, table, checkpoint);
  ModelState last_good = take_model(kLastGood, kLastGoodStep, model.step, table, checkpoint);
  return {std::move(model), std::move(last_good), count_setting(checkpoint, kBadSteps, kAstraySteps - 1)};
}

}  // namespace mesa
