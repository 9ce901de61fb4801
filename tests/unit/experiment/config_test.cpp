#include "experiment/config.h"

#include <catch2/catch.hpp>
#include <set>

#include "core/error.h"
#include "experiment/presets.h"

namespace mesa {
namespace {

/// What making this configuration complains about: "field|message".
std::string complaint(std::string_view preset, std::string_view variant,
                      const std::vector<Setting>& overrides) {
  try {
    make_config(preset, variant, overrides);
    return "nothing";
  } catch (const Error& error) {
    return error.field() + "|" + error.what();
  }
}

bool says(const std::string& text, const std::string& field, const std::string& part) {
  return text.starts_with(field + "|") && text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("every field of every preset reads back to the same text", "[experiment]") {
  for (const Preset& preset : presets()) {
    for (const Variant& variant : preset.variants()) {
      const Config config = make_config(preset.name, variant.name);
      Config copy;
      for (const Field& field : config_fields()) set_field(copy, field.key, field_text(config, field));
      for (const Field& field : config_fields()) {
        INFO(field.key);
        CHECK(field_text(copy, field) == field_text(config, field));
        CHECK(field.get(copy) == field.get(config));
      }
    }
  }
}

TEST_CASE("configuration keys are unique and explained", "[experiment]") {
  std::set<std::string_view> keys;
  for (const Field& field : config_fields()) {
    CHECK(keys.insert(field.key).second);
#ifndef __EMSCRIPTEN__
    CHECK_FALSE(field.meaning.empty());
#endif
  }
}

TEST_CASE("text of a number is the shortest that reads back", "[experiment]") {
  Config config;
  const auto text = [&](std::string_view key) {
    for (const Field& field : config_fields()) {
      if (field.key == key) return field_text(config, field);
    }
    return std::string("no such field");
  };
  set_field(config, "learning_rate", "0.1");
  CHECK(text("learning_rate") == "0.1");
  set_field(config, "learning_rate", "3e-4");
  CHECK(text("learning_rate") == "0.0003");
  set_field(config, "seed", "9007199254740991");
  CHECK(text("seed") == "9007199254740991");
}

TEST_CASE("bad input is refused with the field, what was expected and what came", "[experiment]") {
  CHECK(says(complaint("linear-9", "", {}), "preset", "linear-1, linear-2"));
  CHECK(says(complaint("linear-1", "fast", {}), "variant", "quick, paper"));
  CHECK(says(complaint("linear-1", "", {{"speed", "1"}}), "speed", "no such configuration key"));
  CHECK(says(complaint("linear-1", "", {{"steps", "0"}}), "steps", "from 1 to"));
  CHECK(says(complaint("linear-1", "", {{"heads", "1e9"}}), "heads", "got 1e9"));
  CHECK(says(complaint("linear-1", "", {{"tokens", "words"}}), "tokens", "constructed, constructed_masked"));
  for (const char* text : {"", "many", "1.5", "2x", " 3", "nan", "inf", "0x10", "1e400"}) {
    INFO(text);
    CHECK(says(complaint("linear-1", "", {{"batch_size", text}}), "batch_size", "whole number"));
  }
  CHECK(says(complaint("linear-1", "", {{"learning_rate", "fast"}}), "learning_rate", "expected a number"));
  CHECK(says(complaint("linear-1", "", {{"decay_steps", "5"}, {"warmup_steps", "5"}}), "decay_steps",
             "warmup_steps"));
  CHECK(says(complaint("linear-1", "", {{"task", "regression"}, {"prefix_length", "224"}}), "prefix_length",
             "leaves room"));
  CHECK(says(complaint("linear-1", "",
                       {{"sequence_length", "1024"}, {"layers", "12"}, {"heads", "16"}, {"key_size", "256"}}),
             "sequence_length", "MB"));
  CHECK(
      complaint(
          "linear-1", "",
          {{"sequence_length", "1024"}, {"layers", "12"}, {"heads", "16"}, {"evaluation_sequences", "64"}}) ==
      "nothing");
}

TEST_CASE("sizes of the model follow from task and tokens", "[experiment]") {
  const Config config =
      make_config("linear-1", "quick", {{"observation_size", "3"}, {"sequence_length", "7"}});
  CHECK(config.model.width == 12);
  CHECK(config.model.output_size == 3);
  CHECK(config.model.positions == 7);
}

TEST_CASE("a task brings its own values, unless they are given, in whatever order", "[experiment]") {
  CHECK(make_config("linear-1", "", {{"task", "contracting"}}).task.state_limit == 2);
  CHECK(make_config("linear-1", "", {{"task", "partially_observed"}}).model.output_size == 5);
  CHECK(make_config("linear-1", "", {{"task", "contracting"}, {"state_limit", "3"}}).task.state_limit == 3);
  CHECK(make_config("linear-1", "", {{"state_limit", "3"}, {"task", "contracting"}}).task.state_limit == 3);
  CHECK(make_config("few-shot-hybrid-mesa", "", {{"noise", "0"}}).task.sequence_length == 224);
}

}  // namespace mesa
