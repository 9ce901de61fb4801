#pragma once

#include "model/config.h"
#include "model/parameters.h"

namespace mesa {

/// A linear head depends on its four projections only through the products W_q W_k^T and W_v W_o, both [D,
/// D]. Multiplied out, the head's queries are W_k W_q^T x, and its keys and values are the input x itself.
/// That is another model with the same predictions, its product form, whose W_q and W_o are the products; its
/// gradient leads to that of the four.

/// Whether all heads are linear, with nothing between projections and scores.
bool has_product_form(const ModelConfig& config);

/// Whether passes through it are less work than through the model: with K >= D.
bool product_form_saves_work(const ModelConfig& config);

/// The configuration of that other model.
ModelConfig product_form(const ModelConfig& config);

/// From the parameters of a model to those of its product form.
template <class Scalar>
void multiply_out(const ModelConfig& config, const Scalar* parameters, Scalar* product_parameters);

/// From the gradient of the product form's parameters to that of the model's own, which is overwritten.
template <class Scalar>
void multiply_out_backward(const ModelConfig& config, const Scalar* parameters,
                           const Scalar* product_gradient, Scalar* gradient);

}  // namespace mesa
