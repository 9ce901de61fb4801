#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "evaluate/references.h"
#include "experiment/config.h"

namespace mesa {

/// The reference algorithms on the held-out sequences of a run, tuned on others: what its model is compared
/// with. Needs the run's configuration only, no model.
class Comparison {
 public:
  /// `config` comes from make_config(). threads >= 1; results do not depend on it.
  explicit Comparison(Config config, int threads = 1);

  /// Those that every model is shown beside. Computed on the first call.
  const std::vector<ReferenceResult>& references();

  /// Any reference algorithm: `steps` k and, unless they are its own, the pairs it learns from. Throws Error
  /// when there is no such algorithm or it doesn't take so many steps.
  const ReferenceResult& reference(std::string_view algorithm, int steps, std::optional<ContextPairs> pairs);

 private:
  [[nodiscard]] std::vector<RowMatrix> tuning_sequences() const;

  Config config_;
  int threads_;
  DrawnSequences held_out_;
  std::optional<std::vector<ReferenceResult>> references_;
  /// Others that were asked for, by name, steps and pairs.
  std::map<std::tuple<std::string, int, ContextPairs>, ReferenceResult> other_references_;
};

}  // namespace mesa
