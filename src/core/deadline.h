#pragma once

#include <chrono>

namespace mesa {

/// Until when a piece of work that can be interrupted goes on before its caller has another look around.
class Deadline {
 public:
  static Deadline never() { return Deadline(Clock::time_point::max()); }
  /// `milliseconds` from now, at least 0; more than a day, infinity too, is never.
  static Deadline in(double milliseconds) {
    constexpr double kDay = 24 * 60 * 60 * 1e3;
    if (milliseconds > kDay) return never();
    const std::chrono::duration<double, std::milli> wait(milliseconds);
    return Deadline(Clock::now() + std::chrono::duration_cast<Clock::duration>(wait));
  }

  [[nodiscard]] bool has_passed() const { return time_ != Clock::time_point::max() && Clock::now() >= time_; }

 private:
  using Clock = std::chrono::steady_clock;
  explicit Deadline(Clock::time_point time) : time_(time) {}

  Clock::time_point time_;
};

}  // namespace mesa
