#include "experiment/presets.h"

#include <algorithm>

#include "core/error.h"

namespace mesa {
namespace {

using Settings = std::vector<Setting>;

Settings operator+(Settings left, const Settings& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

// Paper, Table 1. Models whose tokens are constructed start from nearly nothing; a quick variant starts from
// larger weights, at a higher rate, on smaller batches.

const Settings kConstructed = {{"tokens", "constructed"},
                               {"heads", "4"},
                               {"key_size", "20"},
                               {"residual_limit", "4"},
                               {"weight_decay", "0.1"}};
const Settings kConstructedPaper = {
    {"batch_size", "256"}, {"initial_scale", "0.0002"}, {"learning_rate", "0.0001"}, {"steps", "40000"}};
// A narrower limit than the paper's keeps the higher rate stable.
const Settings kConstructedQuick = {{"batch_size", "64"},
                                    {"initial_scale", "0.02"},
                                    {"residual_limit", "1.5"},
                                    {"warmup_steps", "100"},
                                    {"final_learning_rate", "0.00001"}};

const Settings kRaw = {{"tokens", "raw"},
                       {"width", "40"},
                       {"heads", "4"},
                       {"key_size", "20"},
                       {"initial_scale", "0.05"},
                       {"positional_encoding", "on"},
                       {"weight_decay", "0.05"},
                       {"final_learning_rate", "0.00001"}};
const Settings kRawPaper = {{"batch_size", "256"},
                            {"learning_rate", "0.0007"},
                            {"warmup_steps", "1000"},
                            {"decay_steps", "30000"},
                            {"steps", "30000"}};
const Settings kRawQuick = {{"batch_size", "64"}, {"warmup_steps", "200"}};

const Settings kSevenSoftmax = {{"layers", "7"}, {"attention", "softmax"}};
const Settings kSoftmaxThenMesa = {{"layers", "2"}, {"attention", "softmax,mesa"}};
/// The end of the cosine and of the training.
Settings for_steps(std::string_view steps) { return {{"decay_steps", steps}, {"steps", steps}}; }

Settings at_rate(std::string_view rate) { return {{"learning_rate", rate}}; }

/// What a quick variant needs, and the loss it promises.
struct Quick {
  std::string_view learning_rate;
  std::string_view steps;
  double promised_loss;
  Settings more = {};
};

/// The paper's one-layer study.
const Settings kOneMaskedLayer = {{"tokens", "constructed_masked"}, {"layers", "1"}, {"heads", "2"}};
Quick quick_masked_layer(double promised_loss) {
  return {"0.003", "600", promised_loss, {{"residual_limit", "4"}, {"warmup_steps", "0"}}};
}

/// A model on constructed tokens, with what differs from the one on the linear task.
Preset constructed_preset(std::string_view name, std::string_view title, const Settings& model,
                          const Quick& quick) {
  const Settings settings =
      kConstructedQuick + at_rate(quick.learning_rate) + for_steps(quick.steps) + quick.more;
  return {name,
          title,
          kConstructed + model,
          {{"quick", settings, quick.promised_loss}, {"paper", kConstructedPaper}}};
}

/// A model on raw tokens.
Preset raw_preset(std::string_view name, std::string_view title, const Settings& model, const Settings& paper,
                  const Quick& quick) {
  const Settings settings = kRawQuick + at_rate(quick.learning_rate) + for_steps(quick.steps) + quick.more;
  return {name, title, model, {{"quick", settings, quick.promised_loss}, {"paper", kRawPaper + paper}}};
}

std::vector<Preset> linear_task_presets() {
  const auto deep = [](std::string_view layers, std::string_view attention) {
    return Settings{{"layers", layers}, {"attention", attention}};
  };
  return {
      constructed_preset("linear-1", "One linear attention layer learns one step of gradient descent",
                         kOneMaskedLayer, quick_masked_layer(0.9)),
      constructed_preset("linear-2", "Two linear layers", deep("2", "linear"), {"0.002", "1500", 0.42}),
      constructed_preset("linear-4", "Four linear layers", deep("4", "linear"), {"0.001", "2000", 0.25}),
      constructed_preset("linear-6", "Six linear layers come close to least squares", deep("6", "linear"),
                         {"0.001", "2500", 0.225}),
      constructed_preset("softmax-1", "One softmax layer", deep("1", "softmax"), {"0.002", "1000", 0.75}),
      constructed_preset("softmax-2", "Two softmax layers", deep("2", "softmax"), {"0.002", "1500", 0.43}),
      constructed_preset("softmax-4", "Four softmax layers", deep("4", "softmax"), {"0.002", "2000", 0.3}),
      constructed_preset("softmax-6", "Six softmax layers", deep("6", "softmax"), {"0.002", "2500", 0.27}),
      constructed_preset("mesa-1", "One mesa layer solves the least-squares problem in one go",
                         deep("1", "mesa"), {"0.002", "1000", 0.21}),
      {"notebook",
       "Two layers, exactly as in the paper's public notebook",
       kConstructed,
       {{"paper",
         {{"layers", "2"},
          {"residual_limit", "1.5"},
          {"initial_scale", "0.0002"},
          {"batch_size", "256"},
          {"learning_rate", "0.0003"},
          {"warmup_steps", "1000"},
          {"decay_steps", "20000"},
          {"final_learning_rate", "0.00001"},
          {"weight_decay", "0.05"},
          {"steps", "2500"}}}}},
      raw_preset("transformer-7", "Seven softmax layers that see nothing but the states",
                 kRaw + kSevenSoftmax, {},
                 {"0.003", "6000", 0.237, {{"batch_size", "32"}, {"warmup_steps", "300"}}}),
      raw_preset("hybrid-mesa", "A softmax layer binds neighbours, a mesa layer solves",
                 kRaw + kSoftmaxThenMesa, {}, {"0.002", "2000", 0.22}),
      raw_preset("full-mesa", "Two mesa layers that see nothing but the states",
                 kRaw + Settings{{"layers", "2"}, {"attention", "mesa"}}, {}, {"0.002", "1500", 0.2}),
  };
}

std::vector<Preset> other_task_presets() {
  const Settings partial = kRaw + Settings{{"task", "partially_observed"}};
  const Settings nonlinear =
      kRaw +
      Settings{{"task", "nonlinear"}, {"width", "60"}, {"mlp_size", "300"}, {"normalise_query_key", "on"}};
  const Settings few_shot = kRaw + Settings{{"sequence_length", "224"}};
  const Settings few_shot_paper = Settings{{"batch_size", "128"}} + for_steps("40000");
  const Settings half_batch = {{"batch_size", "32"}};
  const Settings small_batch = {{"batch_size", "16"}};
  // In few steps queries and keys of unit length get nowhere.
  const Settings unnormalised = {{"normalise_query_key", "off"}};
  const Settings six_layers = {{"layers", "6"}};
  const Settings contracting = {{"task", "contracting"}};
  const Settings fixed = {{"task", "fixed_teacher"}};
  return {
      raw_preset("partial-transformer-7", "Seven softmax layers on a partially observed system",
                 partial + kSevenSoftmax, at_rate("0.0004"), {"0.003", "3000", 1.4}),
      raw_preset("partial-hybrid-mesa", "Softmax and mesa layer on a partially observed system",
                 partial + kSoftmaxThenMesa, at_rate("0.0004"), {"0.002", "2000", 1.6}),
      raw_preset("nonlinear-transformer-7", "Seven softmax layers with MLPs on a nonlinear system",
                 nonlinear + kSevenSoftmax, at_rate("0.001") + for_steps("40000"),
                 {"0.002", "2000", 0.085, unnormalised + half_batch}),
      raw_preset("nonlinear-hybrid-mesa", "Softmax and mesa layer with MLPs on a nonlinear system",
                 nonlinear + kSoftmaxThenMesa, at_rate("0.0004") + for_steps("40000"),
                 {"0.002", "2000", 0.08, unnormalised}),
      constructed_preset("contracting-linear-1", "One linear layer on systems that die away",
                         kOneMaskedLayer + contracting, quick_masked_layer(0.92)),
      constructed_preset("contracting-linear-6", "Six linear layers on systems that die away",
                         six_layers + contracting, {"0.001", "2500", 0.54}),
      constructed_preset("fixed-linear-1",
                         "One linear layer, one system for all sequences: it need not look back",
                         kOneMaskedLayer + fixed, {"0.003", "1500", 0.3}),
      constructed_preset("fixed-linear-6", "Six linear layers, one system for all sequences",
                         six_layers + fixed, {"0.001", "1000", 0.02}),
      raw_preset("few-shot-transformer-7", "Trained on long sequences, to be asked few-shot regression",
                 few_shot + kSevenSoftmax, few_shot_paper, {"0.002", "2000", 0.13, small_batch}),
      raw_preset("few-shot-hybrid-mesa", "Softmax and mesa layer trained on long sequences",
                 few_shot + kSoftmaxThenMesa, few_shot_paper, {"0.002", "2000", 0.07, small_batch}),
  };
}

std::vector<Preset> make_presets() {
  std::vector<Preset> all = linear_task_presets();
  for (Preset& preset : other_task_presets()) all.push_back(std::move(preset));
  return all;
}

/// The entry of `entries` called `name`; throws Error naming `field` and the names there are.
template <class Entry>
const Entry& find_by_name(const std::vector<Entry>& entries, std::string_view name,
                          const std::string& field) {
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](const Entry& e) { return e.name == name; });
  if (found != entries.end()) return *found;
  std::string names;
  for (const Entry& entry : entries) names += (names.empty() ? "" : ", ") + std::string(entry.name);
  throw Error(field, "expected one of " + names + ", got \"" + std::string(name) + "\"");
}

}  // namespace

const std::vector<Preset>& presets() {
  static const std::vector<Preset> all = make_presets();
  return all;
}

Config make_config(std::string_view preset_name, std::string_view variant_name,
                   const std::vector<Setting>& overrides) {
  const Preset& preset = find_by_name(presets(), preset_name, "preset");
  const Variant& variant =
      variant_name.empty() ? preset.variants.front() : find_by_name(preset.variants, variant_name, "variant");
  Config config;
  config.preset = preset.name;
  config.variant = variant.name;
  for (const auto* settings : {&preset.settings, &variant.settings, &overrides})
    set_fields(config, *settings);
  complete_config(config);
  return config;
}

}  // namespace mesa
