/// Virtual time, and what happens in it: jobs that are under way and timers that are not due.
#pragma once

#include "../../../actors/core/events.hpp"

#include <deque>
#include <functional>
#include <map>

namespace tandem::conformance {

/// One thread only.
class plain_loop {
public:
  time_point now() const {
    return now_;
  }

  /// Queues a job.
  void post(std::function<void()> job) {
    jobs_.push_back(std::move(job));
  }

  /// Runs jobs until there are none.
  void run() {
    while (!jobs_.empty()) {
      auto job = std::move(jobs_.front());
      jobs_.pop_front();
      job();
    }
  }

  /// `fire` is called at `when`; replaces the timer that `owner` had.
  void set_timer(const void* owner, time_point when, std::function<void()> fire) {
    timers_[owner] = {when, std::move(fire)};
  }

  void cancel_timer(const void* owner) {
    timers_.erase(owner);
  }

  bool has_timers() const {
    return !timers_.empty();
  }

  /// Moves on, and fires what is due on the way in the order of time, each followed by all its consequences.
  void advance(duration distance) {
    const auto target = now_ + distance;
    for (auto next = earliest(); next != timers_.end() && next->second.when <= target; next = earliest()) {
      auto due = std::move(next->second);
      timers_.erase(next);
      now_ = due.when;
      due.fire();
      run();
    }
    now_ = target;
  }

private:
  struct timer {
    time_point when;
    std::function<void()> fire;
  };

  std::map<const void*, timer>::iterator earliest() {
    auto result = timers_.begin();
    for (auto i = timers_.begin(); i != timers_.end(); ++i)
      if (i->second.when < result->second.when)
        result = i;
    return result;
  }

  time_point now_{std::chrono::hours(1)};
  std::deque<std::function<void()>> jobs_;
  std::map<const void*, timer> timers_;
};

} // namespace tandem::conformance
