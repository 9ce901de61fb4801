#include "experiment/presets.h"

#include <algorithm>

#include "core/error.h"
#include "core/help.h"

namespace mesa {
namespace {

// Paper, Table 1. Models on constructed tokens start from tiny weights; a quick variant starts from larger
// weights, with a higher rate and smaller batches. All settings are constant text, so that modules need no
// code to build them.

constexpr SettingsText kConstructed =
    "tokens=constructed heads=4 key_size=20 residual_limit=4 weight_decay=0.1";
constexpr SettingsText kConstructedPaper =
    "batch_size=256 initial_scale=0.0002 learning_rate=0.0001 steps=40000";
// A narrower limit than the paper's keeps the higher rate stable.
constexpr SettingsText kConstructedQuick =
    "batch_size=64 initial_scale=0.02 residual_limit=1.5 warmup_steps=100 final_learning_rate=0.00001";

constexpr SettingsText kRaw =
    "tokens=raw width=40 heads=4 key_size=20 initial_scale=0.05 positional_encoding=on weight_decay=0.05 "
    "final_learning_rate=0.00001";
constexpr SettingsText kRawPaper =
    "batch_size=256 learning_rate=0.0007 warmup_steps=1000 decay_steps=30000 steps=30000";
constexpr SettingsText kRawQuick = "batch_size=64 warmup_steps=200";

constexpr SettingsText kSevenSoftmax = "layers=7 attention=softmax";
constexpr SettingsText kSoftmaxThenMesa = "layers=2 attention=softmax,mesa";

/// What a variant adds.
struct Recipe {
  SettingsText settings = {};
  std::string_view steps = {};
  std::optional<double> promised_loss = {};
};

/// The paper's one-layer study.
constexpr SettingsText kOneMaskedLayer = "tokens=constructed_masked layers=1 heads=2";
constexpr Recipe quick_masked_layer(double promised_loss) {
  return {"learning_rate=0.003 residual_limit=4 warmup_steps=0", "400", promised_loss};
}

/// A model on constructed tokens. The task is the linear one unless given.
constexpr Preset constructed_preset(std::string_view name, std::string_view title, SettingsText model,
                                    const Recipe& quick, SettingsText task = {}) {
  return {name,
          help(title),
          {kConstructed, model, task},
          {{{"quick", {kConstructedQuick, quick.settings}, quick.steps, quick.promised_loss},
            {"paper", {kConstructedPaper}, {}, {}}}}};
}

/// A model on raw tokens.
constexpr Preset raw_preset(std::string_view name, std::string_view title, SettingsText model,
                            const Recipe& paper, const Recipe& quick, SettingsText task = {}) {
  return {name,
          help(title),
          {kRaw, task, model},
          {{{"quick", {kRawQuick, quick.settings}, quick.steps, quick.promised_loss},
            {"paper", {kRawPaper, paper.settings}, paper.steps, {}}}}};
}

constexpr SettingsText kContracting = "task=contracting";
constexpr SettingsText kFixed = "task=fixed_teacher";
constexpr SettingsText kPartial = "task=partially_observed";
constexpr Recipe kPartialPaper = {"learning_rate=0.0004"};
constexpr SettingsText kNonlinear = "task=nonlinear width=60 mlp_size=300 normalise_query_key=on";
constexpr SettingsText kFewShot = "sequence_length=224";
constexpr Recipe kFewShotPaper = {"batch_size=128", "40000"};

constexpr Preset kPresets[] = {
    constructed_preset("linear-1", "One linear attention layer learns one step of gradient descent",
                       kOneMaskedLayer, quick_masked_layer(0.9)),
    constructed_preset("linear-2", "Two linear layers", "layers=2 attention=linear",
                       {"learning_rate=0.002", "1500", 0.42}),
    constructed_preset("linear-4", "Four linear layers", "layers=4 attention=linear",
                       {"learning_rate=0.001", "2000", 0.25}),
    constructed_preset("linear-6", "Six linear layers come close to least squares",
                       "layers=6 attention=linear",
                       // Clipping the gradients of spikes in the loss permits a rate three times as high.
                       {"learning_rate=0.003 gradient_limit=0.01 batch_size=32", "1200", 0.225}),
    constructed_preset("softmax-1", "One softmax layer", "layers=1 attention=softmax",
                       {"learning_rate=0.002", "1000", 0.75}),
    constructed_preset("softmax-2", "Two softmax layers", "layers=2 attention=softmax",
                       {"learning_rate=0.002", "1500", 0.43}),
    constructed_preset("softmax-4", "Four softmax layers", "layers=4 attention=softmax",
                       {"learning_rate=0.002", "2000", 0.3}),
    constructed_preset("softmax-6", "Six softmax layers", "layers=6 attention=softmax",
                       {"learning_rate=0.002", "2500", 0.27}),
    constructed_preset("mesa-1", "One mesa layer solves the least-squares problem in one go",
                       "layers=1 attention=mesa", {"learning_rate=0.002", "1000", 0.21}),
    {"notebook",
     help("Two layers, exactly as in the paper's public notebook"),
     {kConstructed},
     {{{"paper",
        {"layers=2 residual_limit=1.5 initial_scale=0.0002 batch_size=256 learning_rate=0.0003 "
         "warmup_steps=1000 decay_steps=20000 final_learning_rate=0.00001 weight_decay=0.05 steps=2500"},
        {},
        {}}}}},
    raw_preset("transformer-7", "Seven softmax layers that see nothing but the states", kSevenSoftmax, {},
               {"learning_rate=0.003 batch_size=32 warmup_steps=300", "6000", 0.237}),
    raw_preset("hybrid-mesa", "A softmax layer joins neighbouring states, a mesa layer solves",
               kSoftmaxThenMesa, {}, {"learning_rate=0.002", "2000", 0.22}),
    raw_preset("full-mesa", "Two mesa layers that see nothing but the states", "layers=2 attention=mesa", {},
               {"learning_rate=0.002", "1500", 0.2}),

    raw_preset("partial-transformer-7", "Seven softmax layers on a partially observed system", kSevenSoftmax,
               kPartialPaper, {"learning_rate=0.003", "3000", 1.4}, kPartial),
    raw_preset("partial-hybrid-mesa", "Softmax and mesa layer on a partially observed system",
               kSoftmaxThenMesa, kPartialPaper, {"learning_rate=0.002", "2000", 1.6}, kPartial),
    // Queries and keys of unit length learn nothing in so few steps.
    raw_preset("nonlinear-transformer-7", "Seven softmax layers with MLPs on a nonlinear system",
               kSevenSoftmax, {"learning_rate=0.001", "40000"},
               {"learning_rate=0.002 normalise_query_key=off batch_size=32", "2000", 0.085}, kNonlinear),
    raw_preset("nonlinear-hybrid-mesa", "Softmax and mesa layer with MLPs on a nonlinear system",
               kSoftmaxThenMesa, {"learning_rate=0.0004", "40000"},
               {"learning_rate=0.002 normalise_query_key=off", "2000", 0.08}, kNonlinear),
    constructed_preset("contracting-linear-1", "One linear layer on contracting systems", kOneMaskedLayer,
                       quick_masked_layer(0.92), kContracting),
    constructed_preset("contracting-linear-6", "Six linear layers on contracting systems", "layers=6",
                       {"learning_rate=0.001", "2500", 0.54}, kContracting),
    constructed_preset("fixed-linear-1", "One linear layer, one system for all sequences", kOneMaskedLayer,
                       {"learning_rate=0.003", "1500", 0.3}, kFixed),
    constructed_preset("fixed-linear-6", "Six linear layers, one system for all sequences", "layers=6",
                       {"learning_rate=0.001", "1000", 0.02}, kFixed),
    raw_preset("few-shot-transformer-7",
               "Seven softmax layers trained on long sequences, for few-shot regression", kSevenSoftmax,
               kFewShotPaper, {"learning_rate=0.002 batch_size=16", "2000", 0.13}, kFewShot),
    raw_preset("few-shot-hybrid-mesa",
               "Softmax and mesa layer trained on long sequences, for few-shot regression", kSoftmaxThenMesa,
               kFewShotPaper, {"learning_rate=0.002 batch_size=16", "2000", 0.07}, kFewShot),
};

/// Appends the settings in the text.
void parse_settings_text(SettingsText text, std::vector<Setting>& settings) {
  while (!text.empty()) {
    const std::string_view setting = text.substr(0, text.find(' '));
    const std::size_t equals = setting.find('=');
    settings.push_back({setting.substr(0, equals), setting.substr(equals + 1)});
    text.remove_prefix(std::min(setting.size() + 1, text.size()));
  }
}

/// The entry called `name`. Throws Error naming `field` and all names if there is none.
template <class Entry>
const Entry& find_by_name(std::span<const Entry> entries, std::string_view name, std::string_view field) {
  std::vector<std::string_view> names;
  for (const Entry& entry : entries) {
    if (entry.name == name) return entry;
    names.push_back(entry.name);
  }
  throw unknown_name(field, names, name);
}

}  // namespace

std::span<const Preset> presets() { return kPresets; }

Config preset_config(std::string_view preset_name, std::string_view variant_name,
                     const std::vector<Setting>& overrides) {
  const Preset& preset = find_by_name(presets(), preset_name, "preset");
  const Variant& variant = variant_name.empty() ? preset.variants().front()
                                                : find_by_name(preset.variants(), variant_name, "variant");
  Config config;
  config.preset = preset.name;
  config.variant = variant.name;
  std::vector<Setting> settings;
  for (const SettingsText text : preset.settings) parse_settings_text(text, settings);
  set_fields(config, settings);
  settings.clear();
  for (const SettingsText text : variant.settings) parse_settings_text(text, settings);
  if (!variant.steps.empty()) {
    settings.insert(settings.end(), {{"decay_steps", variant.steps}, {"steps", variant.steps}});
  }
  set_fields(config, settings);
  set_fields(config, overrides);
  return config;
}

}  // namespace mesa
