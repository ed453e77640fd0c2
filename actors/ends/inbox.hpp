/// The queue of a shard, and the right to run it, which one thread has at a time: the thread that runs it, or the
/// scheduler, by a message on its way. Internal to the ends.
#pragma once

#include <mutex>
#include <utility>
#include <vector>

namespace tandem {

/// Any thread may push and wake; the other functions are for the thread that has the right to run.
template <class Task>
class inbox {
public:
  /// What the caller has to do now.
  enum class duty {
    none,   ///< nothing: another has the right to run, and will see to it
    run,    ///< to run it: the caller has the right now
    stopped ///< nothing, and nothing was queued: the shard has stopped
  };

  duty push(Task&& x) {
    std::lock_guard guard{mutex_};
    if (stopped_)
      return duty::stopped;
    tasks_.push_back(std::move(x));
    return std::exchange(awake_, true) ? duty::none : duty::run;
  }

  /// A timer is due.
  duty wake() {
    std::lock_guard guard{mutex_};
    if (stopped_)
      return duty::stopped;
    if (std::exchange(awake_, true)) {
      timer_due_ = true;
      return duty::none;
    }
    return duty::run;
  }

  bool is_stopped() {
    std::lock_guard guard{mutex_};
    return stopped_;
  }

  /// Takes everything that is queued; `into` is empty, and its memory is used for later tasks.
  void take(std::vector<Task>& into) {
    std::lock_guard guard{mutex_};
    into.swap(tasks_);
  }

  /// A round is over.
  enum class rest {
    more,    ///< there is more to do; the right to run is kept
    idle,    ///< there is not; it is given up
    stopped, ///< the right is given up for ever: `stopping` was said
  };

  rest finish_round(bool stopping) {
    std::lock_guard guard{mutex_};
    if (!tasks_.empty() || std::exchange(timer_due_, false))
      return rest::more;
    awake_ = false;
    stopped_ = stopping;
    return stopping ? rest::stopped : rest::idle;
  }

private:
  std::mutex mutex_;
  std::vector<Task> tasks_;
  bool awake_ = false;     // somebody has the right to run
  bool timer_due_ = false; // a timer's wake-up came meanwhile
  bool stopped_ = false;
};

} // namespace tandem
