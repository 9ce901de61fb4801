#include "experiment/run_checkpoint.h"

#include <algorithm>

#include "core/error.h"
#include "experiment/complete_config.h"

namespace mesa {
namespace {

constexpr const char* kFirstMoment = "optimiser.first_moment.";
constexpr const char* kSecondMoment = "optimiser.second_moment.";

// Settings that are no fields of the table.
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
      throw mismatched("checkpoint", "the tensor " + expected, "none; is it another model's?");
    }
    if (int(found->rows) != tensor.rows || int(found->columns) != tensor.columns) {
      throw mismatched("checkpoint", "the tensor " + expected,
                       shape(found->rows, found->columns) + "; is it another model's?");
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

ModelState take_model(const std::string& prefix, const char* step, const ParameterTable& table,
                      const Checkpoint& checkpoint) {
  ModelState model{std::vector<float>(table.size), AdamWState(table.size)};
  take_tensors(prefix, table, checkpoint, model.parameters);
  take_tensors(prefix + kFirstMoment, table, checkpoint, model.optimiser.first_moment);
  take_tensors(prefix + kSecondMoment, table, checkpoint, model.optimiser.second_moment);
  model.step = std::atoi(setting(checkpoint, step).c_str());
  model.optimiser.updates = model.step;
  return model;
}

}  // namespace

Checkpoint run_checkpoint(const Config& config, const Trainer& trainer) {
  const TrainingState& state = trainer.state();
  Checkpoint checkpoint;
  checkpoint.settings = {{kPreset, config.preset}, {kVariant, config.variant}};
  for (const Field& field : config_fields()) {
    checkpoint.settings.emplace_back(field.key, field_text(config, field));
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
    if (std::ranges::find(kNoFields, key) == std::end(kNoFields)) settings.push_back({key, text});
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
  return {take_model("", kStep, table, checkpoint), take_model(kLastGood, kLastGoodStep, table, checkpoint),
          std::atoi(setting(checkpoint, kBadSteps).c_str())};
}

}  // namespace mesa
