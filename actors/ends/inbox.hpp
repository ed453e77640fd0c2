/// The queue of a shard, and the right to run it, which one thread has at a time: the thread that runs it, or the
/// scheduler, by a message on its way. Internal to the ends.
#pragma once

#include "../core/turns.hpp"

#include <cstddef>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace tandem {

/// Tasks are done in rounds, in the order in which they came. What finds no room in the next round is lined up by
/// operation, and operations take turns (S-STATS-9). A barrier comes after everything before it and before everything
/// after it: while it waits for turns to be over, what comes after it waits behind it. Any thread may push and wake;
/// the other functions are for the thread that has the right to run.
template <class Key, class Task>
class inbox {
public:
  /// So many tickets of an operation make a turn.
  static constexpr size_t tickets_in_turn = 16;
  /// What each of them, or another task, weighs; and one that an operation has only once, so that others of many
  /// operations find room beside each other.
  static constexpr size_t one = 16;
  static constexpr size_t once = 1;
  /// So much has room in a round.
  static constexpr size_t round = 64 * one;

  /// What the caller has to do now.
  enum class duty {
    none,   ///< nothing: another has the right to run, and will see to it
    run,    ///< to run it: the caller has the right now
    stopped ///< nothing, and nothing was queued: the shard has stopped
  };

  /// For the next round, if that has room for this weight; else nothing, and `x` is untouched.
  std::optional<duty> try_push(Task& x, size_t weight) {
    std::lock_guard guard{mutex_};
    if (stopped_)
      return duty::stopped;
    if (!has_room_for(weight))
      return std::nullopt;
    add(std::move(x), weight);
    return wake_up();
  }

  /// Of an operation, of which it has at most a turn. Behind everything else of it.
  duty push(const Key& operation, Task&& x, size_t weight = one) {
    std::lock_guard guard{mutex_};
    if (stopped_)
      return duty::stopped;
    put({operation, std::move(x), weight});
    return wake_up();
  }

  /// Of an operation: for the next round, if `may_pass` says of the oldest that waits for a turn of it, if any, that it
  /// may be overtaken.
  template <class MayPass>
  duty push_urgent(const Key& operation, Task&& x, MayPass may_pass) {
    std::lock_guard guard{mutex_};
    const auto* oldest = waiting_.oldest(operation);
    if (stopped_)
      return duty::stopped;
    if (behind_barrier_.empty() && (oldest == nullptr || may_pass(oldest->what)))
      add(std::move(x), one);
    else
      put({operation, std::move(x), one});
    return wake_up();
  }

  /// Of no operation: for the next round.
  duty push(Task&& x) {
    std::lock_guard guard{mutex_};
    if (stopped_)
      return duty::stopped;
    put({std::nullopt, std::move(x), one});
    return wake_up();
  }

  duty push_barrier(Task&& x) {
    std::lock_guard guard{mutex_};
    if (stopped_)
      return duty::stopped;
    put({std::nullopt, std::move(x), one, true});
    return wake_up();
  }

  /// A timer is due.
  duty wake() {
    std::lock_guard guard{mutex_};
    if (stopped_)
      return duty::stopped;
    timer_due_ = awake_;
    return wake_up();
  }

  bool is_stopped() {
    std::lock_guard guard{mutex_};
    return stopped_;
  }

  /// Takes what is to be done in a round: what had room in it, and then what has a turn. Returns what that weighs.
  /// Both are empty, and their memory is used for later tasks.
  size_t take(std::vector<Task>& next, std::vector<Task>& in_turn) {
    std::lock_guard guard{mutex_};
    next.swap(next_);
    auto weight = std::exchange(weight_, 0);
    while (weight < round && !waiting_.empty())
      weight += take_turn(in_turn);
    if (waiting_.empty() && !behind_barrier_.empty())
      for (auto& x : std::exchange(behind_barrier_, {})) // up to the next one that has to wait
        put(std::move(x));
    return weight;
  }

  /// A round is over.
  enum class rest {
    more,    ///< there is more to do; the right to run is kept
    idle,    ///< there is not; it is given up
    stopped, ///< the right is given up for ever: `stopping` was said
  };

  /// `busy`: there is more to do that is not here.
  rest finish_round(bool stopping, bool busy) {
    std::lock_guard guard{mutex_};
    if (std::exchange(timer_due_, false) || busy || !next_.empty() || !waiting_.empty() || !behind_barrier_.empty())
      return rest::more;
    awake_ = false;
    stopped_ = stopping;
    return stopping ? rest::stopped : rest::idle;
  }

private:
  struct waiting {
    Task what;
    size_t weight;
  };

  struct arrived {
    std::optional<Key> operation; ///< nothing: of none
    Task what;
    size_t weight;
    bool is_barrier = false;
  };

  void put(arrived&& x) {
    if (!behind_barrier_.empty() || (x.is_barrier && !waiting_.empty()))
      behind_barrier_.push_back(std::move(x));
    else if (!x.operation || has_room_for(x.weight))
      add(std::move(x.what), x.weight);
    else
      waiting_.add(*x.operation, {std::move(x.what), x.weight});
  }

  bool has_room_for(size_t weight) const {
    return behind_barrier_.empty() && waiting_.empty() && weight_ + weight <= round;
  }

  void add(Task&& x, size_t weight) {
    next_.push_back(std::move(x));
    weight_ += weight;
  }

  duty wake_up() {
    return std::exchange(awake_, true) ? duty::none : duty::run;
  }

  size_t take_turn(std::vector<Task>& into) {
    auto& x = waiting_.next();
    const auto weight = x.weight;
    into.push_back(std::move(x.what));
    waiting_.done(weight);
    return weight;
  }

  std::mutex mutex_;
  std::vector<Task> next_; // for the next round
  size_t weight_ = 0;      // of these
  core::turns<Key, waiting> waiting_{tickets_in_turn * one};
  std::vector<arrived> behind_barrier_; // the barrier that waits for those, and what came after it
  bool awake_ = false;                  // somebody has the right to run
  bool timer_due_ = false;              // a timer's wake-up came meanwhile
  bool stopped_ = false;
};

} // namespace tandem
