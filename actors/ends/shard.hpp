/// A shard owns some of an end's operations, with their machines, timers and outgoing tickets, and runs them, one event
/// at a time, in one scheduled actor. An end has several, so that it uses all cores and needs no lock around its
/// operations. Internal to the ends.
///
/// The pump: run() takes the tasks in the inbox, feeds each event to its machine, carries out the effects, and, when
/// there is nothing left to do, hands the links all tickets that have come up meanwhile. So tickets that are ready
/// together travel together, and one that is alone never waits.
///
/// Nothing is done for longer than others can wait: rounds are bounded, and operations take turns (S-STATS-9).
///
///   inbox.hpp           the queue, and the right to run
///   lanes.hpp           tickets on their way to links
///   customer_calls.hpp  calls of customer code
#pragma once

#include "../compat/system.hpp"
#include "../execution/timer_wheel.hpp"
#include "../execution/trampoline.hpp"
#include "customer_calls.hpp"
#include "end_context.hpp"
#include "inbox.hpp"
#include "lanes.hpp"
#include "operation_owner.hpp"
#include "operation_table.hpp"
#include "shard_operation.hpp"
#include "shard_tap.hpp"

#include <nlohmann/json_fwd.hpp>

#include <array>
#include <atomic>
#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace tandem {

template <class Side>
class shard : public operation_owner<Side>, public runnable {
public:
  using incoming = typename Side::incoming;
  using outgoing = typename Side::outgoing;
  using operation_type = shard_operation<Side>;
  using operation_ref = compat::light_ptr<operation_type>;

  shard(std::shared_ptr<end_context> end, uint32_t index);
  ~shard() override;

  shard(const shard&) = delete;
  shard& operator=(const shard&) = delete;

  /// This shard, kept alive.
  std::shared_ptr<shard> shared() {
    return std::static_pointer_cast<shard>(this->shared_from_this());
  }

  /// Spawns the actor that runs this shard.
  void start();

  /// The index of the shard that owns the operation, out of `shards`. It follows from the id.
  static size_t shard_of(const operation_id& id, size_t shards) {
    return (id.low & 0xff) % shards;
  }

  // -- from any thread ----------------------------------------------------------------

  /// Tickets for operations of this shard. Returns those that it did not take, since it has stopped.
  std::vector<incoming> arrive(std::vector<incoming>&& tickets, lane_id from);

  void submit(operation_type& operation, core::customer_event&& event) override;
  void give(operation_type& operation, core::payload_given&& x) override;
  bool post(std::function<void()> job) override;
  /// As post, but after all that has come before it, and before all that comes after it.
  bool post_in_order(std::function<void()> job);
  /// As post; at once if the caller is this shard.
  bool run_soon(std::function<void()> job);
  /// The same, but after what came before for this operation, if the caller is not this shard.
  bool run_soon(const operation_type& operation, std::function<void()> job);
  void call_ended(operation_ref operation, call_result result, std::shared_ptr<consumer> opened) override;
  void add_callback(operation_ref operation, termination_callback callback) override;
  void ask_ready(operation_ref operation, std::function<void()> call) override;
  void bytes_gone(operation_ref operation) override;
  void annotate(operation_ref operation, std::string text) override;
  void payload_consumed(operation_ref operation, const timed_payload& x) override;

  end_context& end() const noexcept override {
    return *end_;
  }

  /// True if the calling thread is running this shard.
  bool is_current() const noexcept;

  /// True if it is running any shard.
  static bool is_any_current() noexcept;

  /// Adds this shard's counts.
  void add_to(stats& sum) const;

  // -- in this shard only ------------------------------------------------------------------

  bool is_timed(operation_type& operation) override {
    return tap_.times(operation);
  }
  void returned(operation_type& operation) override;
  void threw(operation_type& operation, core::customer_threw&& x) override;
  void apply(operation_type& operation, link_result result) override;
  operation_ref find(const operation_id& id) const override;
  void for_each(const std::function<void(operation_type&)>& f) override;

  /// Of the calls of customer code. Any thread.
  call_watch& watch() noexcept {
    return calls_.watch();
  }

  /// Links come and go.
  lanes<Side>& links() noexcept {
    return lanes_;
  }

  /// The lane's link is not congested any more: those who waited for that go on.
  void relieve(lane_id lane);

  /// All operations end with this side's failure.
  void fail_all(const std::string& details);

  /// Ends all operations.
  void abort_all();

  /// Ends all operations, then this shard.
  void stop();

  /// The oldest `most` of its operations, for people.
  std::vector<nlohmann::json> list(size_t most) const;

  /// The flight recorder.
  const flight_ring& flight() const noexcept {
    return tap_.flight();
  }

protected:
  /// A ticket of an operation that this shard does not have.
  virtual void receive_unknown(incoming&& ticket, lane_id from) = 0;
  /// Calls the customer's factory, in this shard or in the work pool. Passes on exceptions of customer code.
  virtual std::shared_ptr<consumer> open_customer(operation_type& operation, const side_parts<Side>& parts) = 0;
  /// Called just before this shard forgets an operation.
  virtual void forget(operation_type&) {
  }
  /// How operations end when this end is stopped.
  virtual void abort_for_stop(operation_type& operation) = 0;

  /// Takes a new operation, which came by this lane, into the table; with `waits`, it is willing to wait for the lane's
  /// link. Then `record` records it, and it begins.
  template <class Record>
  void adopt(operation_ref operation, lane_id from, bool waits, const core::settings& setup,
             typename Side::beginning&& how, Record record);

  template <class Event>
  void apply_event(operation_type& operation, Event&& event);

  /// The time at which this shard last looked at the clock.
  time_point now() const noexcept {
    return now_;
  }

  /// Records that the operation begins, and how long it may take at this side.
  void record_begun(operation_type& operation, const core::settings& setup, duration allowed,
                    std::optional<duration> maximum = std::nullopt) {
    tap_.begun(operation, setup.beginning, setup.subscription, allowed, maximum);
  }

  /// True once stop() was called.
  bool stopping() const noexcept {
    return stopping_;
  }

  std::atomic<uint64_t> dropped_{0}; // written by this shard only
  std::atomic<uint64_t> late_{0};
  std::atomic<uint64_t> refused_{0};

  static void count(std::atomic<uint64_t>& counter) {
    counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }

  std::shared_ptr<end_context> end_;
  uint32_t index_;
  shard_tap tap_;
  lanes<Side> lanes_;

private:
  struct arrival {
    std::vector<incoming> tickets;
    lane_id from;
  };
  struct wish {
    operation_ref operation;
    core::customer_event event;
  };
  struct call_end {
    operation_ref operation;
    call_result result;
    std::shared_ptr<consumer> opened;
  };
  using task = std::variant<arrival, wish, call_end, std::function<void()>>;
  using tasks = inbox<operation_id, task>;

  /// Queues something of an operation. False if the shard has stopped.
  bool push(const operation_id& operation, task&& x, size_t weight = tasks::one);
  std::vector<incoming> push_pieces(arrival&& x);
  /// Does what a push demands. With `few`, a shard that was woken may run in this thread. False if it has stopped.
  bool see_to(typename tasks::duty duty, bool few = false);
  void run_here() override;
  void run_in_scheduler() override;
  /// False once the shard has stopped.
  bool run_by_actor();
  bool wake_by_timer();
  bool run();
  void run_round();
  void end_for_good();
  void take(std::vector<task>& all);
  void take(task& x);
  void take(arrival& x);
  void fire_timers();
  void arm_wake_up();

  /// Tells its machine of an event, or of a ticket that came; the effects are in next_ then.
  template <class Event>
  void feed(operation_type& operation, Event&& event);
  bool is_in_order(const operation_type& operation) const noexcept;
  bool takes_at_once(const operation_type& operation) const noexcept;
  void settle_charges(operation_type& operation);
  template <class Event>
  void call_is_over(operation_type& operation, Event&& result);
  void hold_or_ask(operation_type& operation);
  void ask_again(operation_type& operation);

  /// S-FLOW-16: too much is held, by all or by those of its session.
  bool is_sparing(const operation_type& operation) const noexcept {
    if (!operation.machine->active())
      return false; // and its lane may have gone since
    return end_->held().is_over() || (operation.lane->limit && operation.lane->limit->held.is_over());
  }
  /// `before`: what its machine held until the event that it has just handled.
  void count_held_bytes(operation_type& operation, uint64_t before) noexcept {
    if (const auto now = operation.machine->held_bytes(); now != before)
      held_bytes_changed(operation, static_cast<int64_t>(now - before));
  }
  void held_bytes_changed(operation_type& operation, int64_t change) noexcept;

  /// Carries out the effects that a machine has just added to next_.
  void run_effects(operation_type& owner);
  void execute(operation_type& operation, core::send_ticket<outgoing>& x);
  void execute(operation_type& operation, core::open_customer& x);
  void execute(operation_type& operation, core::deliver& x);
  void execute(operation_type& operation, core::report_ready& x);
  void execute(operation_type& operation, core::set_timer& x);
  void execute(operation_type& operation, core::finish& x);

  // For any thread.
  tasks inbox_;
  std::array<caf::actor, 2> actors_; // one goes on when the other has run long enough
  size_t next_actor_ = 0;            // for the thread with the right to run

  // For this shard only.
  customer_calls<Side> calls_;
  time_point now_;
  std::vector<task> taken_;
  std::vector<task> in_turn_;
  int64_t tasks_done_ = 0; // of which settle() must not know yet
  operation_table<operation_ref> operations_;
  timer_wheel timers_;
  held_by_shard held_;
  std::optional<time_point> next_wake_up_; // the earliest one that is under way
  struct effect_batch {
    core::effects<Side> effects;
    std::vector<operation_type*> owners; // one each; alive, since finish is an operation's last effect
  };
  std::array<effect_batch, 2> batches_;
  effect_batch* next_ = &batches_[0];    // to be carried out next; the other one is being carried out
  std::vector<operation_ref> asks_held_; // operations with rare_parts::asks_held
  uint64_t reasons_gone_ = 0;            ///< in this round: operations that have ended, and callbacks that were added
  bool draining_ = false;
  bool stopping_ = false;
  std::array<std::atomic<uint64_t>, 7> terminated_{};
};

template <class Side>
template <class Event>
void shard<Side>::apply_event(operation_type& operation, Event&& event) {
  if constexpr (!std::same_as<Event, core::payload_given>) // which has no part in what the other side may send
    operation.machine->spare(is_sparing(operation));
  feed(operation, std::forward<Event>(event));
  run_effects(operation);
}

template <class Side>
template <class Event>
void shard<Side>::feed(operation_type& operation, Event&& event) {
  auto& machine = *operation.machine;
  const auto before = machine.held_bytes();
  if constexpr (std::same_as<Event, incoming>)
    machine.receive(std::forward<Event>(event), now_, next_->effects);
  else
    machine.handle(std::forward<Event>(event), now_, next_->effects);
  if (machine.has_kept())
    settle_charges(operation);
  count_held_bytes(operation, before);
}

template <class Side>
template <class Record>
void shard<Side>::adopt(operation_ref operation, lane_id from, bool waits, const core::settings& setup,
                        typename Side::beginning&& how, Record record) {
  auto* x = operation.get();
  lanes_.begin(*x, from, waits);
  operations_.add(std::move(operation));
  record(*x, how);
  x->machine.emplace(setup, std::move(how), now_, next_->effects);
  count_held_bytes(*x, 0);
  x->publish_allowed();
  run_effects(*x);
}

extern template class shard<core::front_side>;
extern template class shard<core::back_side>;

} // namespace tandem
