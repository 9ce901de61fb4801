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
const Settings kRawQuick = {{"batch_size", "64"}, {"learning_rate", "0.002"}, {"warmup_steps", "200"}};

const Settings kSevenSoftmax = {{"layers", "7"}, {"attention", "softmax"}};
const Settings kSoftmaxThenMesa = {{"layers", "2"}, {"attention", "softmax,mesa"}};
const Settings kTwoMesa = {{"layers", "2"}, {"attention", "mesa"}};

const Settings kPartial = kRaw + Settings{{"task", "partially_observed"}};
const Settings kNonlinear =
    kRaw +
    Settings{{"task", "nonlinear"}, {"width", "60"}, {"mlp_size", "300"}, {"normalise_query_key", "on"}};
const Settings kFewShot = kRaw + Settings{{"sequence_length", "224"}};

/// The end of the cosine and of the training.
Settings for_steps(std::string_view steps) { return {{"decay_steps", steps}, {"steps", steps}}; }

Settings at_rate(std::string_view rate) { return {{"learning_rate", rate}}; }

/// A model of k layers on constructed tokens, with what differs from the one on the linear task.
Preset constructed_preset(std::string_view name, std::string_view title, const Settings& model,
                          std::string_view quick_rate, std::string_view quick_steps) {
  return {name,
          title,
          kConstructed + model,
          {{"quick", kConstructedQuick + at_rate(quick_rate) + for_steps(quick_steps)},
           {"paper", kConstructedPaper}}};
}

/// A model on raw tokens, base and model together.
Preset raw_preset(std::string_view name, std::string_view title, const Settings& model, const Settings& paper,
                  const Settings& quick, std::string_view quick_steps) {
  return {name,
          title,
          model,
          {{"quick", kRawQuick + quick + for_steps(quick_steps)}, {"paper", kRawPaper + paper}}};
}

std::vector<Preset> make_presets() {
  const Settings masked_layer = {{"tokens", "constructed_masked"}, {"layers", "1"}, {"heads", "2"}};
  const Settings paper_40000 = for_steps("40000");
  return {
      {"linear-1",
       "One linear attention layer learns one step of gradient descent",
       kConstructed + masked_layer,
       {{"quick",
         {{"batch_size", "64"},
          {"initial_scale", "0.02"},
          {"learning_rate", "0.003"},
          {"decay_steps", "600"},
          {"final_learning_rate", "0.00001"},
          {"steps", "600"}}},
        {"paper", kConstructedPaper}}},
      constructed_preset("linear-2", "Two linear layers", {{"layers", "2"}}, "0.002", "1500"),
      constructed_preset("linear-4", "Four linear layers", {{"layers", "4"}}, "0.001", "2000"),
      constructed_preset("linear-6", "Six linear layers come close to least squares", {{"layers", "6"}},
                         "0.001", "2500"),
      constructed_preset("softmax-1", "One softmax layer", {{"layers", "1"}, {"attention", "softmax"}},
                         "0.002", "1000"),
      constructed_preset("softmax-2", "Two softmax layers", {{"layers", "2"}, {"attention", "softmax"}},
                         "0.002", "1500"),
      constructed_preset("softmax-4", "Four softmax layers", {{"layers", "4"}, {"attention", "softmax"}},
                         "0.001", "2000"),
      constructed_preset("softmax-6", "Six softmax layers", {{"layers", "6"}, {"attention", "softmax"}},
                         "0.001", "2500"),
      constructed_preset("mesa-1", "One mesa layer solves the least-squares problem in one go",
                         {{"layers", "1"}, {"attention", "mesa"}}, "0.002", "1000"),
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
                 kRaw + kSevenSoftmax, {}, {}, "6000"),
      raw_preset("hybrid-mesa", "A softmax layer binds neighbours, a mesa layer solves",
                 kRaw + kSoftmaxThenMesa, {}, {}, "2000"),
      raw_preset("full-mesa", "Two mesa layers that see nothing but the states", kRaw + kTwoMesa, {}, {},
                 "1500"),
      raw_preset("partial-transformer-7", "Seven softmax layers on a partially observed system",
                 kPartial + kSevenSoftmax, at_rate("0.0004"), {}, "3000"),
      raw_preset("partial-hybrid-mesa", "Softmax and mesa layer on a partially observed system",
                 kPartial + kSoftmaxThenMesa, at_rate("0.0004"), {}, "2000"),
      raw_preset("nonlinear-transformer-7", "Seven softmax layers with MLPs on a nonlinear system",
                 kNonlinear + kSevenSoftmax, at_rate("0.001") + paper_40000, {}, "3000"),
      raw_preset("nonlinear-hybrid-mesa", "Softmax and mesa layer with MLPs on a nonlinear system",
                 kNonlinear + kSoftmaxThenMesa, at_rate("0.0004") + paper_40000, {}, "3000"),
      constructed_preset("contracting-linear-1", "One linear layer on systems that die away",
                         masked_layer + Settings{{"task", "contracting"}}, "0.003", "600"),
      constructed_preset("contracting-linear-6", "Six linear layers on systems that die away",
                         {{"layers", "6"}, {"task", "contracting"}}, "0.001", "2500"),
      constructed_preset("fixed-linear-1",
                         "One linear layer, one system for all sequences: it need not look back",
                         masked_layer + Settings{{"task", "fixed_teacher"}}, "0.003", "600"),
      constructed_preset("fixed-linear-6", "Six linear layers, one system for all sequences",
                         {{"layers", "6"}, {"task", "fixed_teacher"}}, "0.001", "1000"),
      raw_preset("few-shot-transformer-7", "Trained on long sequences, to be asked few-shot regression",
                 kFewShot + kSevenSoftmax, Settings{{"batch_size", "128"}} + paper_40000,
                 {{"batch_size", "16"}}, "3000"),
      raw_preset("few-shot-hybrid-mesa", "Softmax and mesa layer trained on long sequences",
                 kFewShot + kSoftmaxThenMesa, Settings{{"batch_size", "128"}} + paper_40000,
                 {{"batch_size", "16"}}, "2000"),
  };
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
