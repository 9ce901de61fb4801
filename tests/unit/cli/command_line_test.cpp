#include "cli/command_line.h"

#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/files.h"
#include "cli/run_json.h"
#include "core/engine_name.h"
#include "experiment/experiment.h"
#include "experiment/presets.h"
#include "temporary_file.h"

namespace mesa {
namespace {

struct Outcome {
  int code;
  std::string out;
  std::string err;
};

Outcome run(const std::string& command) {
  std::istringstream words(command);
  const std::vector<std::string> arguments{std::istream_iterator<std::string>(words), {}};
  std::ostringstream out;
  std::ostringstream err;
  const int code = run_command_line(arguments, out, err);
  return {code, out.str(), err.str()};
}

const std::string kSmallRun =
    "train --preset linear-1 --quiet --set batch_size=8 --set evaluation_sequences=16 --set "
    "evaluation_interval=2 ";

Json run_result(const std::string& options) {
  const Outcome outcome = run(kSmallRun + "--steps 5 " + options);
  REQUIRE(outcome.code == 0);
  return Json::parse(outcome.out);
}

/// Expects one line with the message, and exit code 2.
void check_refused(const std::string& command, const std::string& part) {
  const Outcome outcome = run(command);
  INFO(command << " -> " << outcome.err);
  CHECK(outcome.code == 2);
  CHECK(outcome.out.empty());
  CHECK(outcome.err.starts_with("mesa: "));
  CHECK(outcome.err.find(part) != std::string::npos);
  CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
}

}  // namespace

TEST_CASE("train writes the documented JSON", "[cli]") {
  const Json json = run_result("--seed 3");
  CHECK(json["format"] == "mesa-run");
  CHECK(json["version"] == 1);
  CHECK(json["config"]["preset"] == "linear-1");
  CHECK(json["config"]["seed"] == 3);
  CHECK(json["config"]["batch_size"] == 8);
  CHECK(json["config"]["tokens"] == "constructed_masked");
  CHECK(json["engine"]["name"] == engine_name());
  CHECK(json["training"]["step"] == Json({0, 2, 4, 5}));
  CHECK(json["training"]["loss"].size() == 4);
  for (const char* key : {"model", "gradient_descent", "least_squares", "least_squares_lagged", "zero"}) {
    INFO(key);
    CHECK(json["evaluation"]["curves"][key].size() == 50);
    CHECK(json["evaluation"]["mean"][key].is_number_float());
    CHECK(json["evaluation"]["standard_error"][key].is_number_float());
  }
  CHECK(json["evaluation"]["mean"]["model"] == json["training"]["loss"][3]);
  CHECK(json["seconds"].is_number());
  CHECK(json["tokens_per_second"].is_number());
}

TEST_CASE("the same seed writes the same bytes, timings aside, with any number of threads", "[cli]") {
  const auto without_timings = [](Json json) {
    json.erase("seconds");
    json.erase("tokens_per_second");
    return json.dump();
  };
  const std::string first = without_timings(run_result("--seed 5 --threads 1"));
  CHECK(without_timings(run_result("--seed 5 --threads 1")) == first);
  CHECK(without_timings(run_result("--seed 5 --threads 3")) == first);
  CHECK(without_timings(run_result("--seed 6 --threads 1")) != first);
}

TEST_CASE("a run resumed from a checkpoint continues bit for bit", "[cli]") {
  const test::TemporaryFile whole("resume_whole.mesa");
  const test::TemporaryFile half("resume_half.mesa");
  const test::TemporaryFile resumed("resume_resumed.mesa");
  const Json uninterrupted = run_result("--checkpoint " + whole.path);
  REQUIRE(run(kSmallRun + "--steps 3 --checkpoint " + half.path).code == 0);
  const Outcome outcome =
      run("train --quiet --steps 5 --resume " + half.path + " --checkpoint " + resumed.path);
  REQUIRE(outcome.code == 0);
  const Json continued = Json::parse(outcome.out);
  CHECK(read_checkpoint(resumed.path) == read_checkpoint(whole.path));
  CHECK(continued["evaluation"] == uninterrupted["evaluation"]);
  CHECK(continued["training"]["step"] == Json({3, 4, 5}));
  CHECK(continued["config"] == uninterrupted["config"]);
}

TEST_CASE("train writes a checkpoint of the trained model, which evaluate reads", "[cli]") {
  const test::TemporaryFile file("train_writes.mesa");
  const Json trained = run_result("--checkpoint " + file.path);
  const Checkpoint checkpoint = read_checkpoint(file.path);
  CHECK(checkpoint.settings.front() == std::pair<std::string, std::string>("preset", "linear-1"));
  const auto& settings = checkpoint.settings;
  const auto has = [&](const char* key, const char* value) {
    return std::ranges::find(settings, std::pair<std::string, std::string>(key, value)) != settings.end();
  };
  CHECK(has("step", "5"));
  CHECK(has("last_good_step", "4"));
  CHECK(has("bad_steps", "0"));
  CHECK(checkpoint.tensors.size() == 24);

  const Outcome same = run("evaluate --checkpoint " + file.path);
  REQUIRE(same.code == 0);
  CHECK(Json::parse(same.out)["format"] == "mesa-evaluation");
  CHECK(Json::parse(same.out)["step"] == 5);
  CHECK(Json::parse(same.out)["evaluation"] == trained["evaluation"]);

  const Outcome other = run("evaluate --task regression --set end_of_sequence=on --checkpoint " + file.path);
  REQUIRE(other.code == 0);
  const Json few_shot = Json::parse(other.out)["evaluation"]["few_shot"];
  CHECK(few_shot["pair"].size() == 75);
  CHECK(few_shot["pair"][74] == 74);
  for (const char* name : {"model", "least_squares", "least_squares_true_pairs"}) {
    CHECK(few_shot["curves"][name].size() == 75);
  }

  // A task of other sizes needs another model.
  check_refused("evaluate --task partially_observed --checkpoint " + file.path,
                "checkpoint: expected the tensor layers.0.attention.query [20, 40], got [40, 40]");
}

TEST_CASE("analyze compresses a trained model and shows its weight products", "[cli]") {
  const test::TemporaryFile file("analyze.mesa");
  const Json trained = run_result("--checkpoint " + file.path);
  const Outcome compressed = run("analyze compress --checkpoint " + file.path);
  REQUIRE(compressed.code == 0);
  const Json result = Json::parse(compressed.out)["result"];
  CHECK(result["numbers"]["compressed"] == 2 * 2 * 16);
  CHECK(result["numbers"]["trained"] == 2 * 4 * 20 * 40);
  CHECK(result["share_of_trained"] == Json({0, 0.25, 0.5, 0.75, 1}));
  const double loss = trained["evaluation"]["mean"]["model"];
  CHECK(double(result["loss"][4]) == Approx(loss).epsilon(1e-5));
  CHECK(double(result["loss"][0]) != Approx(loss).epsilon(1e-5));

  const Outcome weights = run("analyze weights --checkpoint " + file.path);
  REQUIRE(weights.code == 0);
  const Json heads = Json::parse(weights.out)["result"]["heads"];
  CHECK(heads.size() == 2);
  CHECK(heads[1]["query_key"]["entries"].size() == 40);
  CHECK(heads[1]["query_key"]["share_above_1_percent"] > heads[1]["query_key"]["share_above_10_percent"]);
  CHECK(heads[1]["value_output"]["block_diagonal_means"].size() == 4);

  check_refused("analyze magic --checkpoint " + file.path, "KIND: expected one of weights, compress, ");
}

TEST_CASE("reference tunes and evaluates one algorithm", "[cli]") {
  const Outcome outcome =
      run("reference --preset linear-1 --algorithm chebyshev --steps 2 --pairs lagged --set "
          "evaluation_sequences=64");
  REQUIRE(outcome.code == 0);
  const Json json = Json::parse(outcome.out);
  CHECK(json["format"] == "mesa-reference");
  CHECK(json["algorithm"] == "chebyshev");
  CHECK(json["steps"] == 2);
  CHECK(json["pairs"] == "lagged");
  CHECK(json["tuned"].size() == 4);
  CHECK(json["curve"].size() == 50);
  CHECK(json["mean"] < 1);
}

TEST_CASE("list and config print every preset and key", "[cli]") {
  CHECK(run("list").out.find("notebook") != std::string::npos);
  const Outcome config = run("config --preset linear-1 --variant paper --set heads=3");
  CHECK(config.code == 0);
  CHECK(config.out.find("learning_rate         0.0001") != std::string::npos);
  CHECK(config.out.find("heads                 3") != std::string::npos);
  CHECK(run("--help").code == 0);
  CHECK(run("--version").out == "mesa 0.1.0\n");
  CHECK(run("train --help").out.find("--preset") != std::string::npos);
}

TEST_CASE("bad input gets its own line and exit code 2", "[cli]") {
  check_refused("train --preset linear-9", "preset: expected one of linear-1, linear-2, ");
  check_refused("train --preset linear-1 --variant fast",
                "variant: expected one of quick, paper, got \"fast\"");
  check_refused("train --preset linear-1 --set speed=1", "speed: there is no such configuration key");
  check_refused("train --preset linear-1 --set heads", "--set: expected key=value, got \"heads\"");
  check_refused("train --preset linear-1 --set heads=1000", "heads: expected a value from 1 to 16, got 1000");
  check_refused("train --preset linear-1 --set heads=two", "heads: expected a whole number, got \"two\"");
  check_refused("train --preset linear-1 --seed x", "seed: expected a whole number, got \"x\"");
  check_refused("train --preset linear-1 --steps 0", "steps: expected a value from 1 to 10000000, got 0");
  check_refused("train --preset linear-1 --out no/such/folder/run.json",
                "--out: no/such/folder/run.json cannot");
  check_refused("train --preset linear-1 --checkpoint no/such/folder/m",
                "--checkpoint: no/such/folder/m cannot be written");
  check_refused("train --preset linear-1 --threads 0", "--threads");
  check_refused("train", "--preset: a preset to start from, or a checkpoint to --resume, is missing");
  check_refused("config", "--preset is required");
  check_refused("train --preset linear-1 --resume model.mesa", "--preset excludes --resume");
  check_refused("train --resume no_such_file.mesa", "no_such_file.mesa: cannot be opened");
  check_refused("evaluate --checkpoint no_such_file.mesa", "no_such_file.mesa: cannot be opened");
  check_refused("evaluate --checkpoint " + std::string(__FILE__), "this is not a Mesa Lab checkpoint");
  check_refused("reference --preset linear-1 --algorithm magic",
                "algorithm: expected one of gradient_descent, least_squares, ");
  check_refused("reference --preset linear-1 --algorithm newton --steps 99", "steps: expected 1 to 32");
  check_refused("reference --preset linear-1 --algorithm newton --pairs some",
                "pairs: expected one of all, lagged");
  check_refused("export --checkpoint no_such_file.mesa --out a.npz", "no_such_file.mesa: cannot be opened");
  check_refused("train --preset linear-1 --sped 3", "--sped");
  check_refused("fly", "command: expected one of list, config, train, ");
  check_refused("fly --seed 1", "got \"fly\"");
  check_refused("", "subcommand");
  check_refused("analyze weights --updates 0 --checkpoint m", "Value 0 not in range 1 to 10000000;");
  check_refused("train --preset a\001b", "got \"a b\"");
}

TEST_CASE("a run that has to stop says why and exits with 1", "[cli]") {
  const Outcome outcome =
      run(kSmallRun +
          "--steps 1000 --set residual_limit=0 --set learning_rate=100 --set weight_decay=100 "
          "--set initial_scale=10");
  CHECK(outcome.code == 1);
  CHECK(outcome.err.find("finite") != std::string::npos);
  CHECK(Json::parse(outcome.out)["training"]["stopped"].is_string());
}

TEST_CASE("an update that ruins the model is judged even if it is the last", "[cli]") {
  const test::TemporaryFile file("ruined.mesa");
  const char* runs[] = {
      "--preset mesa-1 --set learning_rate=100 --set residual_limit=0",
      "--preset hybrid-mesa --set learning_rate=100 --set residual_limit=0",
      "--preset transformer-7 --set learning_rate=100",
      "--preset transformer-7 --set initial_scale=0.5",
  };
  for (const char* wild : runs) {
    const Outcome outcome =
        run("train --quiet --steps 1 --set warmup_steps=0 --set batch_size=4 --set evaluation_sequences=4 "
            "--checkpoint " +
            file.path + ' ' + wild);
    INFO(wild << outcome.err);
    CHECK(outcome.code == 1);
    CHECK(outcome.out.find("null") == std::string::npos);
    const Json json = Json::parse(outcome.out);
    CHECK(json["training"]["step"] == Json::array({0}));
    // The checkpoint holds the state that was kept, whose loss is the one reported.
    const Outcome again = run("evaluate --checkpoint " + file.path);
    REQUIRE(again.code == 0);
    CHECK(Json::parse(again.out)["step"] == 0);
    CHECK(Json::parse(again.out)["evaluation"] == json["evaluation"]);
  }
}

TEST_CASE("a run that ends far above predicting zero keeps its last good state", "[cli]") {
  const Outcome outcome =
      run("train --preset linear-1 --steps 20 --quiet --set warmup_steps=0 --set decay_steps=0 --set "
          "learning_rate=10 --set residual_limit=100 --set batch_size=4 --set evaluation_sequences=64");
  CHECK(outcome.code == 1);
  CHECK(outcome.err.find("far above that of predicting zero") != std::string::npos);
  const Json json = Json::parse(outcome.out);
  CHECK(double(json["evaluation"]["mean"]["model"]) < 3 * double(json["evaluation"]["mean"]["zero"]));
}

TEST_CASE("no output is the file of an input or of another output", "[cli]") {
  const test::TemporaryFile model("apart.mesa");
  const test::TemporaryFile link("apart_link.mesa");
  REQUIRE(run(kSmallRun + "--steps 2 --checkpoint " + model.path).code == 0);
  const std::string before = read_file(model.path);
  std::filesystem::create_symlink(model.path, link.path);
  const std::string commands[] = {"evaluate --checkpoint ", "analyze weights --checkpoint ",
                                  "export --checkpoint ", "train --quiet --steps 3 --resume "};
  for (const std::string& command : commands) {
    for (const std::string& out : {model.path, "./" + model.path, link.path}) {
      for (const char* folder : {"", "./"}) {
        std::string arguments = command;
        arguments.append(folder).append(model.path).append(" --out ").append(out);
        check_refused(arguments, "--out: would overwrite the file of --");
      }
      REQUIRE(read_file(model.path) == before);
    }
  }
  const test::TemporaryFile fresh("apart_fresh.mesa");
  check_refused(kSmallRun + "--checkpoint " + fresh.path + " --out ./" + fresh.path,
                "--out: would overwrite the file of --checkpoint");
  CHECK(run("train --quiet --steps 3 --resume " + model.path + " --checkpoint " + model.path).code == 0);
}

TEST_CASE("models that would need too much memory are refused with remedies", "[cli]") {
  check_refused(
      "train --preset transformer-7 --steps 1 --set width=512 --set heads=16 --set key_size=256 --set "
      "layers=12 --set mlp_size=2048 --set sequence_length=8 --set batch_size=1",
      "lower one of width, ");
  check_refused(
      "train --preset linear-1 --set tokens=window --set window=64 --set observation_size=64 --set layers=12 "
      "--set heads=16 --set key_size=256",
      "lower one of ");
}

TEST_CASE("what can be trained can be read again", "[cli]") {
  std::vector<Config> configs = {
      make_config("linear-1", "", {{"tokens", "window"}, {"window", "64"}}),
      make_config("linear-1", "", {{"seed", "9007199254740991"}, {"initial_scale", "1e-300"}}),
      make_config("linear-1", "", {{"learning_rate", "0.1234567890123456"}, {"steps", "10000000"}})};
  for (const Preset& preset : presets()) {
    for (const Variant& variant : preset.variants()) {
      configs.push_back(make_config(preset.name, variant.name));
    }
  }
  for (const Config& config : configs) {
    INFO(config.preset << ' ' << config.variant);
    const Experiment experiment(config);
    const Checkpoint read = parse_checkpoint(checkpoint_bytes(experiment.checkpoint()), "file");
    const Config again = checkpoint_config(read);
    CHECK(config_json(again) == config_json(config));
    Experiment restored(again);
    restored.restore(read);
    CHECK(restored.checkpoint() == experiment.checkpoint());
  }
}

TEST_CASE("a checkpoint with settings that no run has is refused", "[cli]") {
  const test::TemporaryFile file("says.mesa");
  REQUIRE(run(kSmallRun + "--steps 2 --checkpoint " + file.path).code == 0);
  const Checkpoint good = read_checkpoint(file.path);
  const auto check_refused_with = [&](const std::string& key, const std::string& value,
                                      const std::string& part) {
    Checkpoint bad = good;
    for (auto& setting : bad.settings) {
      if (setting.first == key) setting.second = value;
    }
    OutputFile({"--out", file.path}).write(checkpoint_bytes(bad));
    check_refused("evaluate --checkpoint " + file.path, part);
  };
  check_refused_with("step", "abc", "step: expected a whole number, got \"abc\"");
  check_refused_with("step", "", "step: expected a whole number");
  check_refused_with("step", "1.5", "step: expected a whole number");
  check_refused_with("step", "-5", "step: expected a value from 0 to 10000000, got -5");
  check_refused_with("step", "1e9", "step: expected a value from 0 to 10000000");
  check_refused_with("last_good_step", "3", "last_good_step: expected a value from 0 to 2, got 3");
  check_refused_with("bad_steps", "20", "bad_steps: expected a value from 0 to 19, got 20");
  check_refused_with("preset", "\xff", "not UTF-8");

  Checkpoint negative = good;
  for (Checkpoint::Tensor& tensor : negative.tensors) {
    if (tensor.name.starts_with("optimiser.second_moment.")) tensor.values[0] = -1;
  }
  OutputFile({"--out", file.path}).write(checkpoint_bytes(negative));
  check_refused("evaluate --checkpoint " + file.path, "second moments cannot be negative");
}

}  // namespace mesa
