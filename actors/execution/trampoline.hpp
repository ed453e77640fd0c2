/// Runs a shard that a few tickets have woken in the thread that brought them, as soon as that thread has handed them
/// over. That saves a hand-over to the scheduler of tens of microseconds, which is most of the time of a single
/// operation. Many tickets at once go to the scheduler instead, so that all cores have work. Internal to the ends.
#pragma once

#include <chrono>
#include <deque>
#include <memory>

namespace tandem {

/// A trampoline runs these: shards.
class runnable {
public:
  virtual ~runnable() = default;

  /// Runs it here. The caller has the right to: nobody else does.
  virtual void run_here() = 0;

  /// Gives that right to the scheduler.
  virtual void run_in_scheduler() = 0;

  /// It was slow in a thread that must not be held up: until this time it runs in the scheduler.
  std::chrono::steady_clock::time_point slow_until{};
};

/// While one exists in a thread, shards that this thread wakes wait for its end, and then run here. No link between the
/// ends holds a lock at that point.
class trampoline {
public:
  enum class place {
    scheduler, ///< a shard's own run: as many others run here as keep the scheduler fair
    network,   ///< the network's thread: one shard runs here, and the others in the scheduler
  };

  explicit trampoline(place where);
  ~trampoline();

  trampoline(const trampoline&) = delete;
  trampoline& operator=(const trampoline&) = delete;

  /// Whether one exists in this thread, or a shard that one ran: then shards may have to wait for this thread.
  static bool runs_shards() noexcept;

  /// Whether nothing waits for its end.
  bool empty() const noexcept {
    return waiting_.empty();
  }

  /// While one exists, this thread wakes shards in the scheduler only.
  class suspension {
  public:
    suspension();
    ~suspension();

    suspension(const suspension&) = delete;
    suspension& operator=(const suspension&) = delete;

  private:
    trampoline* suspended_;
  };

  /// Takes `x`, to run it at the end of this thread's trampoline; false if there is none, or if it must not run `x`.
  static bool defer(const std::shared_ptr<runnable>& x);

private:
  void run_some();
  void run_one();

  const place where_;
  trampoline* outer_;
  std::deque<std::shared_ptr<runnable>> waiting_;
};

} // namespace tandem
