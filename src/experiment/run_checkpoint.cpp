#include "experiment/run_checkpoint.h"

#include <algorithm>

#include "core/error.h"

namespace mesa {
namespace {

constexpr const char* kFirstMoment = "optimiser.first_moment.";
constexpr const char* kSecondMoment = "optimiser.second_moment.";

// Settings that are no fields of the table.
constexpr const char* kPreset = "preset";
constexpr const char* kVariant = "variant";
constexpr const char* kStep = "step";

std::string setting(const Checkpoint& checkpoint, std::string_view key) {
  const auto found = std::ranges::find(checkpoint.settings, key, &std::pair<std::string, std::string>::first);
  if (found == checkpoint.settings.end()) {
    throw Error("checkpoint", "expected the setting " + std::string(key) + ", found none");
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
      throw Error("checkpoint", "expected the tensor " + expected + ", found none; is it another model's?");
    }
    if (int(found->rows) != tensor.rows || int(found->columns) != tensor.columns) {
      throw Error("checkpoint", "expected the tensor " + expected + ", got " +
                                    shape(found->rows, found->columns) + "; is it another model's?");
    }
    std::ranges::copy(found->values, buffer.begin() + std::ptrdiff_t(tensor.offset));
  }
}

}  // namespace

Checkpoint run_checkpoint(const Config& config, const Trainer& trainer) {
  const TrainingState& state = trainer.state();
  Checkpoint checkpoint;
  checkpoint.settings = {{kPreset, config.preset}, {kVariant, config.variant}};
  for (const Field& field : config_fields()) {
    checkpoint.settings.emplace_back(field.key, field_text(config, field));
  }
  checkpoint.settings.emplace_back(kStep, std::to_string(state.step));
  const ParameterTable& table = trainer.parameter_table();
  add_tensors("", table, state.parameters, checkpoint);
  add_tensors(kFirstMoment, table, state.optimiser.first_moment, checkpoint);
  add_tensors(kSecondMoment, table, state.optimiser.second_moment, checkpoint);
  return checkpoint;
}

Config checkpoint_config(const Checkpoint& checkpoint, const std::vector<Setting>& overrides) {
  std::vector<Setting> settings;
  for (const auto& [key, text] : checkpoint.settings) {
    if (key != kPreset && key != kVariant && key != kStep) settings.push_back({key, text});
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
  TrainingState state{std::vector<float>(table.size), AdamWState(table.size)};
  take_tensors("", table, checkpoint, state.parameters);
  take_tensors(kFirstMoment, table, checkpoint, state.optimiser.first_moment);
  take_tensors(kSecondMoment, table, checkpoint, state.optimiser.second_moment);
  state.step = std::atoi(setting(checkpoint, kStep).c_str());
  state.optimiser.updates = state.step;
  return state;
}

}  // namespace mesa
