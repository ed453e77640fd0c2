/// Where a shard runs that a few tickets have woken: in the thread that brought them, as soon as that thread is done
/// with handing them over. That saves a scheduler's hand-over of tens of microseconds, which is most of what a single
/// operation costs. Many tickets at once go to the scheduler instead, so that all cores have work. Internal to
/// the ends.
#pragma once

#include <chrono>
#include <deque>
#include <memory>

namespace tandem {

/// What a scope can run: a shard.
class runnable {
public:
  virtual ~runnable() = default;

  /// Runs it here. The caller has the right to: nobody else does.
  virtual void run_here() = 0;

  /// Gives that right to the scheduler.
  virtual void run_in_scheduler() = 0;

  /// Was slow in a thread that must not be held up; until then it runs in the scheduler.
  std::chrono::steady_clock::time_point slow_until{};
};

/// While one exists in a thread, shards that are woken from this thread wait for its end, and then run here. No lock is
/// held at that point: no link's, whatever links stand between the ends.
class trampoline {
public:
  /// In a shard's own run: as many rounds as keep the scheduler fair.
  static constexpr int rounds_in_scheduler = 32;
  /// In the network's thread: its own work must not wait.
  static constexpr int rounds_in_network = 4;

  explicit trampoline(int rounds);
  ~trampoline();

  trampoline(const trampoline&) = delete;
  trampoline& operator=(const trampoline&) = delete;

  /// Takes `x`, to run at the end of this thread's scope; false if there is none, or not for `x`.
  static bool defer(const std::shared_ptr<runnable>& x);

private:
  int rounds_;
  trampoline* outer_;
  std::deque<std::shared_ptr<runnable>> waiting_;
};

} // namespace tandem
