#pragma once

#include "data/tokens.h"
#include "model/transformer.h"
#include "reference/predictor.h"

namespace mesa::test {

/// A model as configured, with memory for the passes of one sequence.
template <class Scalar>
struct CompletePass {
  explicit CompletePass(const ModelConfig& config) : model(complete_model(config)), workspace(model, 1) {}

  /// The forward pass of one sequence of states [T + 1, d].
  void run(const TokenConfig& tokens, const RowMatrix& states, const std::vector<Scalar>& parameters) {
    write_tokens(tokens, view_of(states), workspace.tokens());
    forward(model, model.own.weights(parameters.data()), workspace);
  }

  CompiledModel model;
  Workspace<Scalar> workspace;
};

}  // namespace mesa::test
