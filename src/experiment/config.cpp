#include "experiment/config.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/help.h"
#include "core/number_text.h"
#include "core/sizes.h"

namespace mesa {
namespace {

/// The largest whole number that JSON and JavaScript keep exactly, with all below it.
constexpr double kMaximumSeed = 0x1p53 - 1;

/// Not inlined, so that the many accessors below stay short.
[[gnu::noinline]] std::vector<double> single(double number) { return {number}; }

/// Accessors of the member config.*Path.*..., which is a number, an enumeration or a list of enumerations.
template <auto... Path>
std::vector<double> get_member(const Config& config) {
  const auto& member = (config.*....*Path);
  if constexpr (requires { member.begin(); }) {
    std::vector<double> numbers(member.size());
    std::ranges::transform(member, numbers.begin(), [](auto entry) { return static_cast<double>(entry); });
    return numbers;
  } else {
    return single(static_cast<double>(member));
  }
}

template <auto... Path>
void set_member(Config& config, const std::vector<double>& numbers) {
  auto& member = (config.*....*Path);
  if constexpr (requires { member.begin(); }) {
    member.clear();
    for (const double number : numbers) {
      member.push_back(static_cast<typename std::remove_reference_t<decltype(member)>::value_type>(number));
    }
  } else {
    member = static_cast<std::remove_reference_t<decltype(member)>>(numbers[0]);
  }
}

template <auto... Path>
constexpr Field number(std::string_view key, FieldKind kind, double minimum, double maximum,
                       std::string_view unit, std::string_view meaning) {
  return {
      key, kind, minimum, maximum, help(unit), help(meaning), {}, get_member<Path...>, set_member<Path...>};
}

template <auto... Path>
constexpr Field names(std::string_view key, FieldKind kind, std::span<const std::string_view> choices,
                      std::string_view meaning) {
  return {key, kind, 0, 0, "", help(meaning), choices, get_member<Path...>, set_member<Path...>};
}

constexpr std::string_view kOffOn[] = {"off", "on"};

template <auto... Path>
constexpr Field on_off(std::string_view key, std::string_view meaning) {
  return names<Path...>(key, FieldKind::flag, kOffOn, meaning);
}

/// Setting a task also sets its sizes and limits.
void set_task(Config& config, const std::vector<double>& numbers) {
  config.task = paper_task(static_cast<TaskKind>(numbers[0]));
}

using enum FieldKind;
constexpr auto kTask = &Config::task;
constexpr auto kTokens = &Config::tokens;
constexpr auto kModel = &Config::model;
constexpr auto kTraining = &Config::training;
constexpr auto kEvaluation = &Config::evaluation;

constexpr Field kFields[] = {
    number<&Config::seed>("seed", integer, 0, kMaximumSeed, "", "Seed of all random numbers"),
    {"task", choice, 0, 0, "",
     help("Task that makes the sequences; sets its other keys to the paper's values unless they are given"),
     kTaskKindNames, get_member<kTask, &TaskConfig::kind>, set_task},
    number<kTask, &TaskConfig::observation_size>("observation_size", integer, 1, 64, "channels",
                                                 "Size d of one observation"),
    number<kTask, &TaskConfig::sequence_length>("sequence_length", integer, 1, kMostPositions, "positions",
                                                "Positions T that the model reads"),
    number<kTask, &TaskConfig::noise>("noise", real, 0, 10, "", "Standard deviation of the transition noise"),
    number<kTask, &TaskConfig::state_limit>("state_limit", real, 1e-3, 1e6, "",
                                            "States are clipped to +- this"),
    number<kTask, &TaskConfig::hidden_size>("hidden_size", integer, 1, 64, "channels",
                                            "Size n of the hidden state (task partially_observed)"),
    number<kTask, &TaskConfig::observation_noise>(
        "observation_noise", real, 0, 10, "",
        "Standard deviation of the observation noise (task partially_observed)"),
    number<kTask, &TaskConfig::regression_tasks>("regression_tasks", integer, 1, 8, "tasks",
                                                 "Successive tasks in one sequence (task regression)"),
    on_off<kTask, &TaskConfig::end_of_sequence>("end_of_sequence",
                                                "A placeholder follows each pair (task regression)"),
    number<kTask, &TaskConfig::prefix_length>("prefix_length", integer, 0, 256, "positions",
                                              "Placeholders before each task (task regression)"),
    names<kTokens, &TokenConfig::kind>("tokens", choice, kTokenKindNames, "How states become input tokens"),
    number<kTokens, &TokenConfig::window>("window", integer, 1, 64, "states",
                                          "States in a token (tokens window)"),
    number<kModel, &ModelConfig::layers>("layers", integer, 1, 12, "", "Layers L"),
    names<kModel, &ModelConfig::attention>("attention", list, kAttentionKindNames,
                                           "Attention of each layer; the last kind holds for the rest"),
    number<kModel, &ModelConfig::width>(
        "width", integer, 1, 512, "channels",
        "Channels D of the residual stream (tokens raw; otherwise those of a token)"),
    number<kModel, &ModelConfig::heads>("heads", integer, 1, 16, "", "Attention heads H of a layer"),
    number<kModel, &ModelConfig::key_size>("key_size", integer, 1, 256, "channels",
                                           "Size K of a head's queries, keys and values"),
    on_off<kModel, &ModelConfig::normalise_query_key>("normalise_query_key",
                                                      "Queries and keys are divided by their length"),
    on_off<kModel, &ModelConfig::learn_forgetting>("learn_forgetting", "Mesa layers learn a forget factor"),
    on_off<kModel, &ModelConfig::positional_encoding>(
        "positional_encoding", "Positional encoding of the first layer's queries and keys"),
    on_off<kModel, &ModelConfig::layer_norm>("layer_norm", "Layer normalisation before attention and MLP"),
    number<kModel, &ModelConfig::mlp_size>("mlp_size", integer, 0, 2048, "channels",
                                           "Hidden channels of the MLP after each attention; 0 = no MLP"),
    number<kModel, &ModelConfig::residual_limit>(
        "residual_limit", real, 0, 1e6, "",
        "The residual stream is clipped to +- this after each layer; 0 = never"),
    number<kModel, &ModelConfig::initial_scale>("initial_scale", real, 0, 10, "",
                                                "Standard deviation of the initial weights"),
    number<kTraining, &TrainingConfig::steps>("steps", integer, 1, 1e7, "steps",
                                              "Length of the training run"),
    number<kTraining, &TrainingConfig::batch_size>("batch_size", integer, 1, 65536, "sequences",
                                                   "New sequences B in each step"),
    number<kTraining, &TrainingConfig::learning_rate>("learning_rate", real, 0, 100, "",
                                                      "Peak learning rate"),
    number<kTraining, &TrainingConfig::warmup_steps>("warmup_steps", integer, 0, 1e7, "steps",
                                                     "Linear warm-up of the learning rate from 0"),
    number<kTraining, &TrainingConfig::decay_steps>("decay_steps", integer, 0, 1e7, "steps",
                                                    "Step at which the cosine decay ends; 0 = constant rate"),
    number<kTraining, &TrainingConfig::final_learning_rate>("final_learning_rate", real, 0, 100, "",
                                                            "Learning rate after the decay"),
    number<kTraining, &TrainingConfig::weight_decay>(
        "weight_decay", real, 0, 100, "", "Decoupled weight decay, multiplied by the learning rate"),
    number<kTraining, &TrainingConfig::gradient_limit>("gradient_limit", real, 1e-12, 1e12, "",
                                                       "Each gradient entry is clipped to +- this"),
    number<kEvaluation, &EvaluationConfig::sequences>("evaluation_sequences", integer, 1, 65536, "sequences",
                                                      "Held-out sequences, drawn once"),
    number<kEvaluation, &EvaluationConfig::interval>("evaluation_interval", integer, 1, 1e7, "steps",
                                                     "Steps between two evaluations"),
};

double parse_name(const Field& field, std::string_view text) {
  const auto found = std::find(field.choices.begin(), field.choices.end(), text);
  if (found != field.choices.end()) return double(found - field.choices.begin());
  throw unknown_name(field.key, field.choices, text);
}

double parse_field_number(const Field& field, std::string_view text) {
  const bool whole = field.kind == FieldKind::integer;
  const std::optional<double> value = parse_number(std::string(text));
  if (whole && (!value || *value != std::floor(*value))) throw not_whole(field.key, text);
  if (!value) throw not_a_number(field.key, text);
  if (*value < field.minimum || *value > field.maximum) {
    throw out_of_range(field.key, field.minimum, field.maximum, *value);
  }
  return *value;
}

std::vector<double> parse(const Field& field, std::string_view text) {
  switch (field.kind) {
    case FieldKind::integer:
    case FieldKind::real: return {parse_field_number(field, text)};
    case FieldKind::flag:
    case FieldKind::choice: return {parse_name(field, text)};
    case FieldKind::list: break;
  }
  std::vector<double> numbers;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find(',', start), text.size());
    numbers.push_back(parse_name(field, text.substr(start, end - start)));
    start = end + 1;
  }
  return numbers;
}

}  // namespace

std::span<const Field> config_fields() { return kFields; }

const Field& find_field(std::string_view key) {
  const Field* found = std::ranges::find(kFields, key, &Field::key);
  if (found != std::end(kFields)) return *found;
  throw unknown_key(key);
}

void set_field(Config& config, std::string_view key, std::string_view text) {
  const Field& field = find_field(key);
  field.set(config, parse(field, text));
}

void set_fields(Config& config, const std::vector<Setting>& settings) {
  for (const Setting& setting : settings) find_field(setting.key);
  for (const Field& field : kFields) {
    for (const Setting& setting : settings) {
      if (setting.key == field.key) field.set(config, parse(field, setting.text));
    }
  }
}

std::string field_text(const Config& config, const Field& field) {
  std::string text;
  for (const double number : field.get(config)) {
    if (!text.empty()) text += ',';
    text += field.choices.empty() ? number_text(number) : field.choices[std::size_t(number)];
  }
  return text;
}

}  // namespace mesa
