/// Calls functions at a later time, on one thread for all of them: an operation that waits takes no thread of the work
/// pool, so any number of operations can wait at the same time.
#pragma once

#include "../../messages/ticket.hpp"

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>

namespace tandem::cli {

class alarm_clock {
public:
  using number = uint64_t;

  alarm_clock();
  /// Functions that have not been called by then are not called. May run within a function that is being called, which
  /// may be the last to hold this.
  ~alarm_clock();

  alarm_clock(const alarm_clock&) = delete;
  alarm_clock& operator=(const alarm_clock&) = delete;

  /// Calls `what`, which must return promptly and not throw, after `delay`. Any thread.
  number set(duration delay, std::function<void()> what);

  /// Forgets it, unless it is being called already. Any thread.
  void cancel(number which);

  /// How many have been set and neither called nor cancelled. Any thread.
  size_t pending() const;

private:
  using time = std::chrono::steady_clock::time_point;
  /// In the order of their times; of the same time, in the order in which they were set.
  using alarm_list = std::map<std::pair<time, number>, std::function<void()>>;

  /// Shared with the thread, which may outlive the clock.
  struct state {
    std::mutex mutex; // guards the members below
    std::condition_variable changed;
    alarm_list alarms;
    std::unordered_map<number, time> times; ///< of these
    number next = 1;
    bool stopping = false;
  };

  static void run(state& x);

  std::shared_ptr<state> state_;
  std::thread thread_;
};

} // namespace tandem::cli
