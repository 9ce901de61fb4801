#include "experiment/comparison.h"

#include <catch2/catch.hpp>

#include "experiment/presets.h"

namespace mesa {

TEST_CASE("a reference that was measured once is not measured again", "[experiment]") {
  Comparison comparison(
      make_config("linear-1", "quick",
                  {{"observation_size", "3"}, {"sequence_length", "10"}, {"evaluation_sequences", "64"}}));
  const ReferenceResult& first = comparison.reference("chebyshev", 2, ContextPairs::all);
  const ReferenceResult& lagged = comparison.reference("chebyshev", 2, ContextPairs::lagged);
  CHECK(&comparison.reference("chebyshev", 2, std::nullopt) == &first);
  CHECK(&lagged != &first);
  CHECK(lagged.loss.mean != first.loss.mean);
}

}  // namespace mesa
