#include "analysis/registry.h"

#include <catch2/catch.hpp>
#include <map>

#include "core/error.h"
#include "experiment/experiment.h"
#include "experiment/presets.h"

namespace mesa {
namespace {

/// The kinds of analysis that a model does not fit, each with the field at fault.
std::map<std::string, std::string> misfits(const char* preset, const std::vector<Setting>& overrides = {}) {
  std::map<std::string, std::string> found;
  const Experiment experiment(make_config(preset, "", overrides));
  for_each_misfit(experiment.subject(),
                  [&](std::string_view kind, const Error& why) { found[std::string(kind)] = why.field(); });
  return found;
}

/// The field at fault and the code of the error.
using Refusal = std::pair<std::string, std::string>;

Refusal refusal(const char* kind, const char* preset, const std::vector<Setting>& overrides) {
  const Experiment experiment(make_config(preset, "", overrides));
  try {
    analyze(kind, experiment.subject(), {});
  } catch (const Error& error) {
    return {std::string(error.field()), std::string(error.code())};
  }
  return {};
}

using Fields = std::map<std::string, std::string>;

}  // namespace

TEST_CASE("a model is refused the analyses that it does not fit, by the field at fault", "[analysis]") {
  CHECK(misfits("linear-1") == Fields{{"prompt", "tokens"}, {"linearise", "attention"}});
  CHECK(misfits("transformer-7") == Fields{{"compress", "attention"}, {"fit", "layers"}});
  CHECK(misfits("hybrid-mesa", {{"sequence_length", "10"}}) ==
        Fields{{"compress", "attention"}, {"fit", "layers"}, {"prompt", "sequence_length"}});
  CHECK(misfits("linear-1", {{"sequence_length", "7"}})["binding"] == "sequence_length");
  CHECK(misfits("linear-1", {{"sequence_length", "8"}}).count("binding") == 0);
  CHECK(misfits("linear-1", {{"task", "regression"}})["kernel"] == "task");
  CHECK(misfits("hybrid-mesa", {{"layers", "1"}})["fit"] == "tokens");
}

TEST_CASE("compression requires linear layers, however the list is written", "[analysis]") {
  CHECK(misfits("linear-2", {{"attention", "linear,linear"}}).count("compress") == 0);
  CHECK(misfits("linear-2", {{"attention", "linear,softmax"}})["compress"] == "attention");
  // The list names a second kind, which no layer has.
  CHECK(misfits("linear-1", {{"attention", "linear,softmax"}}).count("compress") == 0);
  CHECK(misfits("linear-2", {{"normalise_query_key", "on"}})["compress"] == "normalise_query_key");
  CHECK(misfits("linear-2", {{"positional_encoding", "on"}})["compress"] == "positional_encoding");
  CHECK(misfits("linear-2", {{"tokens", "raw"}, {"width", "35"}})["compress"] == "width");
}

TEST_CASE("an analysis is refused before it begins", "[analysis]") {
  CHECK(refusal("prompt", "hybrid-mesa", {{"sequence_length", "10"}}) ==
        Refusal{"sequence_length", "out_of_range"});
}

TEST_CASE("an unknown kind is refused by name", "[analysis]") {
  CHECK(refusal("weight", "linear-1", {}) == Refusal{"KIND", "unknown_name"});
}

}  // namespace mesa
