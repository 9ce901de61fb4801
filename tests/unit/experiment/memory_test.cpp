#include "experiment/memory.h"

#include <catch2/catch.hpp>

#include "core/error.h"
#include "experiment/presets.h"

namespace mesa {
namespace {

/// The fields named as remedies, the best one first; empty if the configuration fits.
std::string remedies(std::string_view preset, const std::vector<Setting>& overrides) {
  try {
    make_config(preset, "", overrides);
    return {};
  } catch (const Error& error) {
    CHECK(error.code() == std::string("too_large"));
    std::string names = error.parameters().back().text;
    CHECK(names.starts_with(error.field()));
    return names;
  }
}

}  // namespace

TEST_CASE("models too large for a tab are refused with remedies", "[experiment]") {
  const std::string weights = remedies(
      "transformer-7",
      {{"width", "512"}, {"heads", "16"}, {"key_size", "256"}, {"layers", "12"}, {"mlp_size", "2048"}});
  for (const char* key : {"width", "heads", "key_size", "layers"}) {
    CHECK(weights.find(key) != std::string::npos);
  }
  CHECK(weights.find("sequence_length") == std::string::npos);
  const std::string activations = remedies("linear-1", {{"sequence_length", "1024"},
                                                        {"attention", "mesa"},
                                                        {"layers", "12"},
                                                        {"heads", "16"},
                                                        {"key_size", "200"}});
  CHECK(activations.find("sequence_length") != std::string::npos);
  CHECK(activations.find("mlp_size") == std::string::npos);
}

TEST_CASE("models that fit in a tab are not refused", "[experiment]") {
  CHECK(remedies("notebook", {{"batch_size", "65536"}}).empty());
  CHECK(remedies("linear-1",
                 {{"evaluation_sequences", "65536"}, {"sequence_length", "1024"}, {"observation_size", "64"}})
            .empty());
  for (const Preset& preset : presets()) {
    for (const Variant& variant : preset.variants()) {
      CHECK(memory_bytes(make_config(preset.name, variant.name)) < 64e6);
    }
  }
}

}  // namespace mesa
