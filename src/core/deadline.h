#pragma once

#include <limits>

namespace mesa {

/// The time at which work that can be interrupted returns to its caller.
class Deadline {
 public:
  static Deadline never() { return Deadline(std::numeric_limits<double>::infinity()); }
  /// `milliseconds` from now, at least 0; infinity means never.
  static Deadline in(double milliseconds);

  [[nodiscard]] bool has_passed() const;

 private:
  explicit Deadline(double time) : time_(time) {}

  double time_;  ///< in milliseconds since a fixed time
};

}  // namespace mesa
