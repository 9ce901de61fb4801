#pragma once

#include <string_view>

namespace mesa {

/// How sequences are made. Paper section "Sequence modelling tasks".
enum class TaskKind {
  linear,              ///< a linear system, orthogonal and new for each sequence
  partially_observed,  ///< the same, seen through a random matrix with fewer rows
  nonlinear,           ///< a fixed nonlinearity, then an orthogonal matrix new for each sequence
  contracting,         ///< a linear system whose states shrink
  fixed_teacher,       ///< one linear system for all sequences
  regression           ///< few-shot regression: inputs and their images under an orthogonal matrix, in turn
};

/// As configurations and messages call them, in the same order.
inline constexpr std::string_view kTaskKindNames[] = {"linear",      "partially_observed", "nonlinear",
                                                      "contracting", "fixed_teacher",      "regression"};

struct TaskConfig {
  TaskKind kind = TaskKind::linear;
  int observation_size = 10;  ///< d
  int sequence_length = 50;   ///< T
  double noise = 0.01;        ///< sigma, standard deviation of each noise component, of y in `regression`
  /// States, in `partially_observed` the hidden ones, are clipped to +- this; not in `regression`.
  double state_limit = 10;
  int hidden_size = 15;          ///< n, of `partially_observed`
  double observation_noise = 0;  ///< standard deviation of each component, of `partially_observed`
  int regression_tasks = 1;      ///< tasks in a row in one sequence of `regression`
  bool end_of_sequence = false;  ///< a placeholder follows each pair of `regression`
  int prefix_length = 0;         ///< placeholders before each task of `regression`
};

/// A task at the paper's sizes and limits; few-shot outputs without the noise that the paper's code adds.
TaskConfig paper_task(TaskKind kind);

}  // namespace mesa
