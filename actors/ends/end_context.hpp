/// The shards of one end share this: its options, its counts, its idle actions. Internal to the ends.
#pragma once

#include "../../messages/commands.hpp"
#include "../compat/system.hpp"
#include "../core/settings.hpp"
#include "../end_options.hpp"
#include "../tracing/trace_recorder.hpp"
#include "congestion.hpp"
#include "held_bytes.hpp"
#include "kept_receipts.hpp"
#include "sent_bytes.hpp"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace tandem {

/// How many shards an end gets: as many as were asked for, else one for each thread of the scheduler.
size_t shard_count(caf::actor_system& system, const end_options& options);

class end_context : public std::enable_shared_from_this<end_context> {
public:
  end_context(caf::actor_system& system, end_options options, trace_side side);

  caf::actor_system& system() const noexcept {
    return system_;
  }

  const end_options& options() const noexcept {
    return options_;
  }

  time_point now() const {
    return options_.clock ? options_.clock->now() : std::chrono::steady_clock::now();
  }

  void log(const std::string& line) const;

  core::flow_settings flow() const noexcept {
    return {options_.window, options_.window_bytes, options_.waiting_payloads, held_.is_over()};
  }

  /// What all operations hold (S-FLOW-16).
  held_bytes& held() noexcept {
    return held_;
  }

  kept_receipts& receipts() noexcept {
    return *receipts_;
  }

  /// How many bytes of large payloads its operations have on their way, together (S-FLOW-16).
  sent_bytes& sent() noexcept {
    return sent_;
  }

  const std::shared_ptr<trace_recorder>& recorder() const noexcept {
    return recorder_;
  }

  congestion& congested() noexcept {
    return congestion_;
  }

  // -- operations that have not ended ---------------------------------------------------

  void operation_began() {
    busy_.fetch_add(one_operation + one_reason, std::memory_order_relaxed);
  }

  /// As operation_began, unless `most` operations are ongoing; 0: there is no limit.
  bool operation_may_begin(uint64_t most) {
    if (ongoing_in(busy_.fetch_add(one_operation + one_reason, std::memory_order_relaxed)) < most || most == 0)
      return true;
    operation_ended();
    done_with(1);
    return false;
  }

  /// As long as done_with(1) was not called for it, this end is not idle: a callback is still to run.
  void reason_added() {
    busy_.fetch_add(one_reason, std::memory_order_relaxed);
  }

  /// Once the links have its last ticket, done_with() is to be called for it.
  void operation_ended() {
    busy_.fetch_sub(one_operation, std::memory_order_acq_rel);
  }

  /// So many operations have left nothing behind. Runs the idle actions if they were the last.
  void done_with(uint64_t operations);

  uint64_t ongoing() const {
    return ongoing_in(busy_.load(std::memory_order_acquire));
  }

  // -- no new operations, soon (S-END-13) ------------------------------------------------------

  void drain() {
    draining_.store(true, std::memory_order_relaxed);
  }

  bool is_draining() const {
    return draining_.load(std::memory_order_relaxed);
  }

  /// As long as the result lives, this end is not idle.
  std::shared_ptr<void> hold();

  /// S-STATS-2. Any thread.
  void add_idle_action(std::function<void()> action);

  // -- customer code that keeps a thread of the scheduler ---------------------------------------

  /// `arm` is to see to it that somebody looks in a second. To be called before the first operation.
  void watch_calls_by(std::function<void()> arm) {
    arm_watch_ = std::move(arm);
  }

  /// A call is about to be made.
  void watch_calls() {
    if (!is_watched_.load(std::memory_order_relaxed) && !is_watched_.exchange(true))
      arm_watch_();
  }

  void watch_over() {
    is_watched_.store(false);
  }

  // -- work that is queued or being done, for settle() ------------------------------------

  void work_added(int64_t n = 1) {
    posted_.fetch_add(static_cast<uint64_t>(n));
    pending_.fetch_add(n);
  }

  void work_done(int64_t n = 1);

  int64_t pending() const {
    return pending_.load();
  }

  /// How much work was ever added: two equal readings around a moment without pending work mean that nothing happened
  /// in between.
  uint64_t posted() const {
    return posted_.load();
  }

  /// Blocks until pending() is at most `allowed`.
  void await_pending(int64_t allowed);

  // -- shards come and go ------------------------------------------------------------------

  void shard_started();
  void shard_stopped();
  /// Calls `then` when every shard has stopped, at once if that is so, before await_stopped() returns.
  void when_stopped(std::function<void()> then);
  /// Blocks until every shard has stopped.
  void await_stopped();

private:
  void run_idle_actions(std::vector<std::function<void()>> actions);

  caf::actor_system& system_;
  end_options options_;
  std::shared_ptr<trace_recorder> recorder_;
  held_bytes held_;
  sent_bytes sent_;
  std::shared_ptr<kept_receipts> receipts_ = std::make_shared<kept_receipts>();
  /// The lower half counts the ongoing operations; the upper one reasons not to be idle: these, those that have ended
  /// in rounds that are not over, callbacks that have yet to run, and holds.
  static constexpr uint64_t one_operation = 1;
  static constexpr uint64_t one_reason = uint64_t{1} << 32;
  static uint64_t ongoing_in(uint64_t busy) noexcept {
    return busy % one_reason;
  }

  congestion congestion_;
  std::function<void()> arm_watch_;
  std::atomic<bool> is_watched_{false};
  std::atomic<uint64_t> busy_{0};
  std::atomic<bool> draining_{false};
  std::atomic<int64_t> pending_{0};
  std::atomic<uint64_t> posted_{0};
  std::atomic<int> watchers_{0};
  std::mutex mutex_; // guards the members below; customer code is never called under it
  std::condition_variable changed_;
  std::vector<std::function<void()>> idle_actions_;
  size_t running_shards_ = 0;
  std::function<void()> when_stopped_;
};

} // namespace tandem
