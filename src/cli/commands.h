#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "experiment/config.h"

namespace mesa {

// The subcommands of `mesa`; command_line.cpp declares their options. Results go to `out`, progress and
// messages to `err`. They return the exit code and throw Error for bad input.

/// The options that select a run.
struct RunOptions {
  std::string preset;
  std::string variant;
  std::string seed;
  std::vector<std::string> settings;  ///< key=value
};

int list_command(std::ostream& out);

int config_command(const RunOptions& options, std::ostream& out);

struct TrainOptions {
  RunOptions run;
  std::string steps;
  std::string resume;  ///< a checkpoint to continue from, instead of a preset
  int threads = 1;
  std::string out;  ///< empty for standard output, here and below
  std::string checkpoint;
  bool quiet = false;
};

int train_command(const TrainOptions& options, std::ostream& out, std::ostream& err);

struct EvaluateOptions {
  std::string checkpoint;
  std::string task;  ///< empty for the one it was trained on
  std::vector<std::string> settings;
  int threads = 1;
  std::string out;
};

int evaluate_command(const EvaluateOptions& options, std::ostream& out);

struct ReferenceOptions {
  RunOptions run;
  std::string algorithm;
  int steps = 1;
  std::string pairs;  ///< all or lagged; empty for the algorithm's own
  int threads = 1;
  std::string out;
};

int reference_command(const ReferenceOptions& options, std::ostream& out);

struct AnalyzeOptions {
  std::string kind;  ///< a name in analysis/registry.inc
  std::string checkpoint;
  std::vector<std::string> settings;
  int updates = 0;  ///< for analyses that train something; 0: the analysis chooses
  int threads = 1;
  std::string out;
  bool quiet = false;
};

int analyze_command(const AnalyzeOptions& options, std::ostream& out, std::ostream& err);

/// Writes a checkpoint's tensors as .npz.
int export_command(const std::string& checkpoint, const std::string& out_path, std::ostream& out);

}  // namespace mesa
