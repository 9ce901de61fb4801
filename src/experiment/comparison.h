#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "evaluate/references.h"
#include "experiment/config.h"

namespace mesa {

/// The reference algorithms on a run's held-out sequences, tuned on others, for comparison with its model. It
/// needs only the run's configuration.
class Comparison {
 public:
  /// `config` comes from make_config(). threads >= 1; results do not depend on it.
  explicit Comparison(Config config, int threads = 1);

  /// The references that every model is compared with. Computed on the first call.
  const std::vector<ReferenceResult>& references();

  /// Any reference algorithm with k = `steps` and the given pairs, or its own. Throws Error if there is no
  /// such algorithm or it does not take so many steps.
  const ReferenceResult& reference(std::string_view algorithm, int steps, std::optional<ContextPairs> pairs);

 private:
  [[nodiscard]] std::vector<RowMatrix> tuning_sequences() const;

  Config config_;
  int threads_;
  DrawnSequences held_out_;
  std::optional<std::vector<ReferenceResult>> references_;
  /// The results of reference() by name, steps and pairs.
  std::map<std::tuple<std::string, int, ContextPairs>, ReferenceResult> other_references_;
};

}  // namespace mesa
