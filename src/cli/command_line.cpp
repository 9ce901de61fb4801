#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <new>
#include <ostream>
#include <thread>

#include "analysis/kinds.h"
#include "cli/commands.h"
#include "cli/files.h"
#include "core/denormals.h"
#include "core/error.h"

namespace mesa {
namespace {

constexpr const char* kVersion = "mesa 0.1.0";
constexpr int kFailed = 1;
constexpr int kBadInput = 2;

void add_set_option(CLI::App& command, std::vector<std::string>& settings) {
  command
      .add_option("--set", settings,
                  "Set a configuration key as key=value; may be repeated. `mesa config` lists the keys")
      ->allow_extra_args(false);
}

void add_run_options(CLI::App& command, RunOptions& options) {
  command.add_option("--preset", options.preset, "Preset to start from; `mesa list` lists them")->required();
  command.add_option("--variant", options.variant,
                     "Variant of the preset, quick or paper; its first by default");
  command.add_option("--seed", options.seed, "Short for --set seed=N");
  add_set_option(command, options.settings);
}

void add_threads_option(CLI::App& command, int& threads) {
  threads = std::max(1, int(std::thread::hardware_concurrency()));
  command.add_option("--threads", threads, "Number of threads; it does not change the result")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
}

void add_out_option(CLI::App& command, std::string& path) {
  command.add_option("--out", path, "File for the JSON result; standard output by default");
}

void add_train_options(CLI::App& command, TrainOptions& options) {
  add_run_options(command, options.run);
  command.add_option("--steps", options.steps, "Short for --set steps=N");
  CLI::Option* resume =
      command.add_option("--resume", options.resume,
                         "Checkpoint to continue from, with its own configuration, instead of a preset");
  for (const char* name : {"--preset", "--variant", "--seed"}) resume->excludes(command.get_option(name));
  command.get_option("--preset")->required(false);
  add_threads_option(command, options.threads);
  add_out_option(command, options.out);
  command.add_option("--checkpoint", options.checkpoint,
                     "File for the model, written at each evaluation and when the run stops; --resume, "
                     "evaluate, analyze and export read it");
  command.add_flag("--quiet", options.quiet, "Do not print progress");
}

void add_evaluate_options(CLI::App& command, EvaluateOptions& options) {
  command.add_option("--checkpoint", options.checkpoint, "The trained model")->required();
  command.add_option("--task", options.task,
                     "Task to evaluate on instead of the trained one; short for --set task=NAME");
  add_set_option(command, options.settings);
  add_threads_option(command, options.threads);
  add_out_option(command, options.out);
}

void add_analyze_options(CLI::App& command, AnalyzeOptions& options) {
  constexpr int kMostUpdates = 10'000'000;
  std::string kinds = "Analysis to run:";
  for (const AnalysisKind& kind : kAnalysisKinds) {
    kinds += "\n" + std::string(kind.name) + ": " + std::string(kind.meaning);
  }
  command.add_option("KIND", options.kind, kinds)->required();
  command.add_option("--checkpoint", options.checkpoint, "The trained model")->required();
  add_set_option(command, options.settings);
  command
      .add_option("--updates", options.updates,
                  "Updates, for analyses that train something; the analysis chooses by default")
      ->check(CLI::Range(1, kMostUpdates));
  add_threads_option(command, options.threads);
  add_out_option(command, options.out);
  command.add_flag("--quiet", options.quiet, "Do not print progress");
}

void add_reference_options(CLI::App& command, ReferenceOptions& options) {
  add_run_options(command, options.run);
  command
      .add_option("--algorithm", options.algorithm,
                  "Name of the algorithm; an unknown name lists all of them")
      ->required();
  command.add_option("--steps", options.steps, "Steps k of an iterative algorithm")->capture_default_str();
  command.add_option("--pairs", options.pairs,
                     "Pairs of the context to learn from, all or lagged; the algorithm's own by default");
  add_threads_option(command, options.threads);
  add_out_option(command, options.out);
}

/// Throws Error if the first argument is neither an option nor a command.
void check_command(const CLI::App& app, const std::vector<std::string>& arguments) {
  if (arguments.empty() || arguments[0].starts_with('-')) return;
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands(nullptr)) names.push_back(command->get_name());
  if (std::ranges::find(names, arguments[0]) != names.end()) return;
  const std::vector<std::string_view> expected(names.begin(), names.end());
  throw unknown_name("command", expected, arguments[0]);
}

/// Prints a message as one line, whatever characters are in the names and values that it quotes.
void complain(std::string message, std::ostream& err) {
  std::ranges::replace_if(
      message, [](unsigned char character) { return std::iscntrl(character) != 0; }, ' ');
  err << "mesa: " << message << std::endl;
}

int run(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err) {
  CLI::App app("Mesa Lab: train a tiny Transformer and compare it with gradient descent and least squares.",
               "mesa");
  app.require_subcommand(1);
  app.set_version_flag("--version", kVersion);

  app.add_subcommand("list", "List the presets");

  RunOptions config_options;
  add_run_options(*app.add_subcommand("config", "Print every configuration key with its value and meaning"),
                  config_options);

  TrainOptions train_options;
  add_train_options(*app.add_subcommand("train", "Train a model, evaluate it and write the result as JSON"),
                    train_options);

  EvaluateOptions evaluate_options;
  add_evaluate_options(
      *app.add_subcommand("evaluate", "Evaluate a trained model, on its own task or on another one"),
      evaluate_options);

  ReferenceOptions reference_options;
  add_reference_options(*app.add_subcommand("reference", "Tune and evaluate one reference algorithm"),
                        reference_options);

  AnalyzeOptions analyze_options;
  add_analyze_options(*app.add_subcommand("analyze", "Run an analysis of a trained model"), analyze_options);

  std::string export_checkpoint;
  std::string export_path;
  CLI::App* export_app = app.add_subcommand("export", "Write a checkpoint's tensors as .npz, for NumPy");
  export_app->add_option("--checkpoint", export_checkpoint, "The trained model")->required();
  export_app->add_option("--out", export_path, "The .npz file")->required();

  try {
    check_command(app, arguments);
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    const std::string command = app.get_subcommands().front()->get_name();
    if (command == "list") return list_command(out);
    if (command == "config") return config_command(config_options, out);
    if (command == "train") return train_command(train_options, out, err);
    if (command == "evaluate") return evaluate_command(evaluate_options, out);
    if (command == "analyze") return analyze_command(analyze_options, out, err);
    if (command == "reference") return reference_command(reference_options, out);
    return export_command(export_checkpoint, export_path, out);
  } catch (const CLI::Success& help) {
    return app.exit(help, out, err);
  } catch (const CLI::ParseError& error) {
    complain(std::string(error.what()) + "; see `mesa --help`", err);
    return kBadInput;
  } catch (const Error& error) {
    complain(error.what(), err);
    return kBadInput;
  } catch (const std::bad_alloc&) {
    complain("there is not enough memory; lower the sizes of the model or --threads", err);
    return kFailed;
  } catch (const std::exception& failure) {
    complain(failure.what(), err);
    return kFailed;
  }
}

}  // namespace

int run_command_line(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err) {
  const FlushDenormals flush;
  const int code = run(arguments, out, err);
  if (out.flush() || code != 0) return code;
  complain("standard output cannot be written", err);
  return kFailed;
}

}  // namespace mesa
