#pragma once

#include "analysis/subject.h"

namespace mesa {

// What an analysis needs of its subject. Each throws Error when that is not there; together here, so that the
// analyses themselves need no code for exceptions.

/// Tokens are the states themselves, so that others of their size can stand between them.
void require_raw_tokens(const Subject& subject);

/// Sequences of `least` positions or more.
void require_positions(const Subject& subject, int least);

/// A softmax layer.
void require_softmax_layer(const Subject& subject);

}  // namespace mesa
