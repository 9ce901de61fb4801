#include "experiment/presets.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "experiment/comparison.h"
#include "experiment/experiment.h"

namespace mesa {
namespace {

/// Runs two steps of a preset at its own sizes except for the given ones.
void check_trains(const Preset& preset, const Variant& variant, std::vector<Setting> settings) {
  settings.insert(settings.end(), {{"batch_size", "2"}, {"evaluation_sequences", "2"}});
  INFO(preset.name << " " << variant.name);
  Experiment experiment(make_config(preset.name, variant.name, settings));
  const std::vector<float> before(experiment.parameters().begin(), experiment.parameters().end());
  const TrainingStatus status = experiment.train(2);
  CHECK(status.health == TrainingHealth::fine);
  CHECK(status.step == 2);
  CHECK_FALSE(std::equal(before.begin(), before.end(), experiment.parameters().begin()));
  CHECK(std::isfinite(experiment.evaluate_model().mean));
  Comparison comparison(experiment.config());
  for (const ReferenceResult& reference : comparison.references()) {
    INFO(reference.name);
    CHECK(std::isfinite(reference.loss.mean));
  }
}

}  // namespace

TEST_CASE("every preset has its own name and a variant of the paper's values", "[experiment]") {
  std::set<std::string_view> names;
  for (const Preset& preset : presets()) {
    INFO(preset.name);
    CHECK(names.insert(preset.name).second);
    CHECK(preset.variants().back().name == "paper");
#ifndef __EMSCRIPTEN__
    CHECK_FALSE(preset.title.empty());
#endif
  }
}

TEST_CASE("every preset trains, also on sequences of one position", "[experiment]") {
  for (const Preset& preset : presets()) {
    for (const Variant& variant : preset.variants()) {
      check_trains(preset, variant, {{"warmup_steps", "0"}});
      check_trains(preset, variant, {{"warmup_steps", "0"}, {"sequence_length", "1"}});
    }
  }
}

TEST_CASE("a hundredfold learning rate stops every quick linear and softmax run with a remedy",
          "[experiment]") {
  // Only mesa layers survive it, as their output is bounded by their values.
  for (const char* preset : {"linear-1", "linear-2", "softmax-1", "transformer-7"}) {
    INFO(preset);
    const Config usual = make_config(preset, "quick");
    const std::string rate = std::to_string(100 * usual.training.learning_rate);
    Experiment experiment(make_config(preset, "quick",
                                      {{"learning_rate", rate},
                                       {"warmup_steps", "0"},
                                       {"batch_size", "4"},
                                       {"evaluation_sequences", "4"}}));
    const TrainingStatus status = experiment.train(200);
    CHECK(status.step < 200);
    CHECK(why_stopped(experiment.config(), status).find("learning_rate, such as ") != std::string::npos);
    CHECK(std::isfinite(experiment.evaluate_model().mean));
  }
}

}  // namespace mesa
