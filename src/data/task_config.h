#pragma once

#include <string_view>

namespace mesa {

/// The kinds of sequences (paper, section "Sequence modelling tasks").
enum class TaskKind {
  linear,              ///< a linear system, orthogonal and new for each sequence
  partially_observed,  ///< the same, seen through a random matrix with fewer rows
  nonlinear,           ///< a fixed nonlinearity, then an orthogonal matrix new for each sequence
  contracting,         ///< a linear system whose states shrink
  fixed_teacher,       ///< one linear system for all sequences
  regression           ///< few-shot regression: inputs and their images under an orthogonal matrix, in turn
};

/// Their names in configurations and messages, in the same order.
inline constexpr std::string_view kTaskKindNames[] = {"linear",      "partially_observed", "nonlinear",
                                                      "contracting", "fixed_teacher",      "regression"};

struct TaskConfig {
  TaskKind kind = TaskKind::linear;
  int observation_size = 10;  ///< d
  int sequence_length = 50;   ///< T
  double noise = 0.01;        ///< sigma, standard deviation of each noise component (in `regression`, of y)
  /// States are clipped to +- this: in `partially_observed` the hidden ones, in `regression` none.
  double state_limit = 10;
  int hidden_size = 15;          ///< n, of `partially_observed`
  double observation_noise = 0;  ///< standard deviation of each component, of `partially_observed`
  int regression_tasks = 1;      ///< successive tasks in one sequence of `regression`
  bool end_of_sequence = false;  ///< a placeholder follows each pair of `regression`
  int prefix_length = 0;         ///< placeholders before each task of `regression`
};

/// A task with the paper's sizes and limits, but without the noise that its code adds to few-shot outputs.
TaskConfig paper_task(TaskKind kind);

}  // namespace mesa
