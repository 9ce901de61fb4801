#pragma once

#include <vector>

#include "data/tokens.h"
#include "model/config.h"
#include "model/parameters.h"

namespace mesa {

/// A linear head depends on its four projections only through the products W_q W_k^T and W_v W_o, both [D,
/// D]. Multiplied out, the head's queries are W_k W_q^T x, and its keys and values are the input x itself; or
/// its values are W_o^T W_v^T x, which need no projection back. And where channels of the tokens are copies
/// of each other, the first layer need read only one of them, the rows that its projections have for the
/// copies being added up. Each makes another model with the same predictions; its gradient leads to that of
/// the weights it was made of.
struct ProductForm {
  ModelConfig config;         ///< of the other model
  std::vector<int> row_read;  ///< for each channel of a token, the row of the other model's first projections
                              ///< that reads it; negative where it is always zero
};

/// Whether all heads are linear, with nothing between projections and scores.
bool has_product_form(const ModelConfig& config);

/// That in which every head of such a model is its two products, and keys and values are the input.
ProductForm product_form(const ModelConfig& config);

/// That whose passes are the least work, for any model: each product only where it has no more columns than
/// its factors.
ProductForm cheapest_form(const ModelConfig& config, const TokenConfig& tokens);

/// From the parameters of a model to those of its form.
template <class Scalar>
void multiply_out(const ModelConfig& config, const ProductForm& form, const Scalar* parameters,
                  Scalar* product_parameters);

/// From the gradient of the form's parameters to that of the model's own, which is overwritten.
template <class Scalar>
void multiply_out_backward(const ModelConfig& config, const ProductForm& form, const Scalar* parameters,
                           const Scalar* product_gradient, Scalar* gradient);

}  // namespace mesa
