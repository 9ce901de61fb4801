#include "experiment/config.h"

#include <catch2/catch.hpp>
#include <set>
#include <stdexcept>

#include "core/error.h"
#include "experiment/presets.h"

namespace mesa {
namespace {

/// The error of making this configuration: "field|message".
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
  CHECK(says(complaint("linear-1", "", {{"heads", "17"}}), "heads", "from 1 to 16, got 17"));
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
  CHECK(
      complaint(
          "linear-1", "",
          {{"sequence_length", "1024"}, {"layers", "12"}, {"heads", "16"}, {"evaluation_sequences", "64"}}) ==
      "nothing");
}

TEST_CASE("an error has a code and parameters that say what its message says", "[experiment]") {
  const auto error_of = [](const std::vector<Setting>& overrides) -> Error {
    try {
      make_config("linear-1", "", overrides);
    } catch (const Error& error) {
      return error;
    }
    FAIL("nothing is wrong");
    throw std::logic_error("not reached");
  };
  const auto number = [](const Error& error, std::string_view name) {
    for (const ErrorParameter& parameter : error.parameters()) {
      if (parameter.name == name && parameter.kind == ErrorParameter::Kind::number) return parameter.number;
    }
    return -1.0;
  };
  const auto text = [](const Error& error, std::string_view name) {
    for (const ErrorParameter& parameter : error.parameters()) {
      if (parameter.name == name) return parameter.text;
    }
    return std::string("nothing");
  };
  const Error range = error_of({{"heads", "17"}});
  CHECK(range.code() == std::string("out_of_range"));
  CHECK(range.field() == "heads");
  CHECK(number(range, "minimum") == 1);
  CHECK(number(range, "maximum") == 16);
  CHECK(number(range, "got") == 17);
  CHECK(text(range, "depends_on").empty());
  const Error decay = error_of({{"decay_steps", "5"}, {"warmup_steps", "5"}});
  CHECK(decay.code() == std::string("out_of_range"));
  CHECK(number(decay, "minimum") == 6);
  CHECK(text(decay, "depends_on") == "warmup_steps");
  const Error name = error_of({{"layer_norm", "maybe"}});
  CHECK(name.code() == std::string("unknown_name"));
  CHECK(text(name, "expected") == "off, on");
  CHECK(text(name, "got") == "maybe");
  CHECK(error_of({{"speed", "1"}}).code() == std::string("unknown_key"));
  CHECK(error_of({{"heads", "two"}}).code() == std::string("not_whole"));
  CHECK(error_of({{"noise", "loud"}}).code() == std::string("not_a_number"));
}

TEST_CASE("sizes of the model follow from task and tokens", "[experiment]") {
  const Config config =
      make_config("linear-1", "quick", {{"observation_size", "3"}, {"sequence_length", "7"}});
  CHECK(config.model.width == 12);
  CHECK(config.model.output_size == 3);
  CHECK(config.model.positions == 7);
}

TEST_CASE("a task sets its own values unless they are given, in any order", "[experiment]") {
  CHECK(make_config("linear-1", "", {{"task", "contracting"}}).task.state_limit == 2);
  CHECK(make_config("linear-1", "", {{"task", "partially_observed"}}).model.output_size == 5);
  CHECK(make_config("linear-1", "", {{"task", "contracting"}, {"state_limit", "3"}}).task.state_limit == 3);
  CHECK(make_config("linear-1", "", {{"state_limit", "3"}, {"task", "contracting"}}).task.state_limit == 3);
  CHECK(make_config("few-shot-hybrid-mesa", "", {{"noise", "0"}}).task.sequence_length == 224);
}

}  // namespace mesa
