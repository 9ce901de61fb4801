#include "evaluate/in_context_loss.h"

#include <catch2/catch.hpp>

namespace mesa {

TEST_CASE("a loss curve averages half squared errors over sequences", "[evaluate]") {
  // Two sequences of two positions, d = 1; predicting zero leaves the squared targets.
  const std::vector<RowMatrix> sequences = {RowMatrix{{9}, {1}, {2}}, RowMatrix{{9}, {3}, {4}}};
  const LossCurve curve = in_context_loss(sequences, predict_zero());
  CHECK(curve.by_position == std::vector<double>{(1 + 9) / 4.0, (4 + 16) / 4.0});
  CHECK(curve.by_sequence == std::vector<double>{1.25, 6.25});
  CHECK(curve.mean == 3.75);
  CHECK(curve.standard_error == Approx(2.5));  // half the difference of two numbers
}

TEST_CASE("the error of a ratio comes from the pairs, not from the two errors", "[evaluate]") {
  LossCurve loss;
  loss.by_sequence = {1, 2, 6};
  loss.mean = 3;
  LossCurve doubled = loss;
  for (double& value : doubled.by_sequence) value *= 2;
  doubled.mean = 6;
  CHECK(loss_ratio(doubled, loss).value == 2);
  CHECK(loss_ratio(doubled, loss).standard_error == Approx(0).margin(1e-12));

  LossCurve shifted = loss;
  shifted.by_sequence = {2, 1, 6};
  CHECK(loss_ratio(shifted, loss).value == 1);
  CHECK(loss_ratio(shifted, loss).standard_error == Approx(std::sqrt(2.0 / 2 / 3) / 3));
}

}  // namespace mesa
