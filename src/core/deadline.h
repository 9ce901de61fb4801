#pragma once

#include <limits>

namespace mesa {

/// Until when a piece of work that can be interrupted goes on before its caller has another look around.
class Deadline {
 public:
  static Deadline never() { return Deadline(std::numeric_limits<double>::infinity()); }
  /// `milliseconds` from now, at least 0; infinity is never.
  static Deadline in(double milliseconds);

  [[nodiscard]] bool has_passed() const;

 private:
  explicit Deadline(double time) : time_(time) {}

  double time_;  ///< in milliseconds from some time that stays the same
};

}  // namespace mesa
