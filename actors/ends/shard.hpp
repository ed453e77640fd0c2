/// A shard owns some of an end's operations: their machines, timers and outgoing tickets, and runs them, one event at
/// a time, in one scheduled actor. An end has several, so that it uses all cores and needs no lock around its
/// operations. Internal to the ends.
///
/// The pump: run() takes what is in the inbox, feeds each event to its machine, carries out the effects, and, when
/// there is nothing left to do, hands the link all tickets that have come up meanwhile. So tickets that are ready
/// together travel together, and one that is alone never waits.
#pragma once

#include "../compat/system.hpp"
#include "../links/link.hpp"
#include "../links/trampoline.hpp"
#include "end_context.hpp"
#include "shard_operation.hpp"
#include "shard_tap.hpp"
#include "timer_wheel.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace tandem {

/// Outgoing tickets of a shard to one link, until they are handed over.
template <class Side>
struct lane {
  using outgoing = typename Side::outgoing;
  std::shared_ptr<ticket_acceptor<outgoing>> link; ///< null until joined: tickets wait (S-STATS-4)
  std::shared_ptr<const std::string> peer;         ///< whose it is (operation_context::peer); null if nobody said
  std::string lost;                                ///< not empty: the link is gone, and why
  /// Tickets of operations that wait for a link that is gone (S-SEND-9), in order.
  struct waiting_ticket {
    compat::light_ptr<shard_operation<Side>> operation;
    outgoing ticket;
    bool last;
    bool recorded; ///< it was on its way before
  };
  std::vector<waiting_ticket> waiting;
  size_t waiting_in_vain = 0; ///< how many of these belong to operations that have ended meanwhile
  std::vector<outgoing> outbox;
  size_t usual = 0; ///< how many tickets the last outbox had: room for as many is made at once
  std::vector<compat::light_ptr<shard_operation<Side>>> finishing; ///< whose last ticket is in the outbox
  std::shared_ptr<strand> order;                                   ///< with a transmission pool: keeps the order there
};

/// Names a lane of an end: 0 for the joined link, others for the ports of a back.
using lane_id = uint64_t;

template <class Side>
class shard : public runnable, public std::enable_shared_from_this<shard<Side>> {
public:
  using incoming = typename Side::incoming;
  using outgoing = typename Side::outgoing;
  using operation_type = shard_operation<Side>;
  using operation_ref = compat::light_ptr<operation_type>;

  shard(std::shared_ptr<end_context> end, uint32_t index);
  virtual ~shard();

  shard(const shard&) = delete;
  shard& operator=(const shard&) = delete;

  /// Spawns the actor that runs this shard.
  void start();

  // -- from any thread ----------------------------------------------------------------

  /// An event for an operation of this shard: handled at once if the caller is this shard, else queued.
  template <class Event>
  void submit(operation_type& operation, Event event);

  /// Tickets for operations of this shard.
  void arrive(std::vector<incoming> tickets, std::vector<std::string> faults, lane_id from);

  /// Runs `job` in this shard; false if the shard has stopped.
  bool post(std::function<void()> job);

  /// Runs `job` in this shard; at once if the caller is this shard.
  bool run_soon(std::function<void()> job);

  /// True if the calling thread is running this shard.
  bool is_current() const noexcept;

  uint64_t terminated(outcome value) const {
    return terminated_[static_cast<size_t>(value) - 1].load(std::memory_order_relaxed);
  }
  uint64_t dropped() const {
    return dropped_.load(std::memory_order_relaxed);
  }
  uint64_t late() const {
    return late_.load(std::memory_order_relaxed);
  }
  uint64_t refused() const {
    return refused_.load(std::memory_order_relaxed);
  }

  end_context& end() const noexcept {
    return *end_;
  }

  // -- in this shard only ------------------------------------------------------------------

  /// The lane is joined (again); what waited goes out.
  void join(lane_id id, std::shared_ptr<ticket_acceptor<outgoing>> link);

  /// The lane's link is gone: its operations end with transmission failure.
  void lose(lane_id id, const std::string& details);

  /// The lane's link, which was lost, takes tickets again; what waited for it goes out (S-SEND-9).
  void restore(lane_id id);

  /// Whose lane it is, for operations that begin later.
  void name_peer(lane_id id, std::shared_ptr<const std::string> peer) {
    lane_of(id).peer = std::move(peer);
  }

  /// As lose, and the lane will not be used again.
  void close(lane_id id, const std::string& details);

  /// All operations end with this side's failure.
  void fail_all(const std::string& details);

  /// Ends all operations.
  void abort_all();

  /// Ends all operations, then this shard.
  void stop();

  void add_callback(operation_type& operation, termination_callback callback);

  /// One after the other in `order`; null: here and now.
  void run_callback(strand* order, const termination_callback& callback, outcome value);

  void annotate(operation_type& operation, const std::string& text) {
    if (!operation.ended())
      tap_.annotated(operation, text);
  }

  /// The oldest `most` of its operations (operation_listing.hpp).
  std::vector<nlohmann::json> list(size_t most) const;

  /// What the flight recorder has.
  const flight_ring& flight() const noexcept {
    return tap_.flight();
  }

protected:
  struct arrival {
    std::vector<incoming> tickets;
    std::vector<std::string> faults; ///< empty, or one per ticket
    lane_id from;
  };
  struct given {
    operation_ref operation;
    core::payload_given event;
  };
  struct returned {
    operation_ref operation;
    std::variant<core::customer_returned, core::customer_threw> event;
    std::shared_ptr<consumer> opened;
  };
  struct requested {
    operation_ref operation;
    std::variant<core::failure_requested, core::cancel_requested, core::timeout_given> event;
  };
  using task = std::variant<arrival, given, returned, requested, std::function<void()>>;

  /// A ticket of an operation that this shard does not have.
  virtual void receive_unknown(incoming ticket, lane_id from) = 0;
  /// Calls the customer's factory, in this shard or in the work pool. May throw what customer code throws.
  virtual std::shared_ptr<consumer> open_customer(operation_type& operation, const side_parts<Side>& parts) = 0;
  /// Just before an operation of this shard is forgotten.
  virtual void forget(operation_type&) {
  }
  /// How operations end when this end is stopped.
  virtual void abort_for_stop(operation_type& operation) = 0;

  /// Takes a new operation into the table; then `record` notes what has to be noted first, and it begins.
  template <class Record>
  void adopt(operation_ref operation, lane_id from, const core::settings& setup, typename Side::beginning&& how,
             Record record);

  lane<Side>& lane_of(lane_id id);

  /// A ticket of an operation that this shard does not have.
  void answer(lane_id to, outgoing ticket);

  /// Holds the operation's tickets until its lane's link is there, if that is gone (S-SEND-9). Before its first.
  static void let_wait(operation_type& operation) {
    operation.is_patient_ = true;
    operation.waits_ = !operation.lane_->lost.empty();
  }

  template <class Event>
  void apply(operation_type& operation, Event&& event);

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

private:
  /// Queues `x`; with `few`, a shard that is woken by it may run in this thread. False if the shard has stopped.
  bool push(task x, bool few = false);
  void run_here() override;
  void run_in_scheduler() override;
  /// The actor was woken: by whoever gave it the right to run, or by a timer. False once the shard has stopped.
  bool woken(bool by_timer);
  bool is_stopped();
  /// Everything that there is to do. False once the shard has stopped.
  bool run();
  void take(task& x);
  void take(arrival& x);
  void fire_timers();
  void arm_wake_up();

  /// Carries out what a machine has just added to effects_.
  void run_effects(operation_type& owner);
  void execute(operation_type& operation, core::send_ticket<outgoing>& x);
  void execute(operation_type& operation, core::open_customer& x);
  void execute(operation_type& operation, core::deliver& x);
  void execute(operation_type& operation, core::set_timer& x);
  void execute(operation_type& operation, core::finish& x);
  /// Runs customer code here.
  template <class Call>
  void call_here(operation_type& operation, Call call);
  /// Runs customer code in the work pool; `call` returns the consumer that was opened, or null.
  void call_in_pool(operation_type& operation, std::function<std::shared_ptr<consumer>()> call);
  void run_callbacks(operation_type& operation, outcome value);

  void put_in_outbox(operation_type& operation, outgoing ticket, bool last, bool recorded = false);
  void put_in_outbox(lane<Side>& target, outgoing ticket);
  bool flush();
  void flush(lane<Side>& x);
  struct handing_over {
    std::vector<refusal> refused;
    std::vector<outgoing> returned; ///< all of them, if the link threw
  };
  void handed_over(lane<Side>& to, std::vector<operation_ref> finishing, handing_over result);
  void hold_patient(lane<Side>& in, std::vector<outgoing> tickets);
  void hold_back(lane<Side>& in, typename lane<Side>::waiting_ticket ticket);
  void forget_waiting(lane<Side>& at, size_t count);

  template <class Function>
  void for_each(Function f);

  // Of every thread: the inbox.
  std::mutex mutex_;
  std::vector<task> inbox_;
  bool awake_ = false;     // somebody has the right to run this shard: a thread that does, or a message on its way
  bool timer_due_ = false; // a timer's wake-up came meanwhile
  bool stopped_ = false;
  caf::actor self_;

  // Of this shard only.
  time_point now_;
  std::vector<task> taken_;
  std::unordered_map<operation_id, operation_ref> operations_;
  timer_wheel timers_;
  std::optional<time_point> next_wake_up_; // the earliest one that is under way
  core::effects<Side> effects_;            // to be carried out next
  std::vector<operation_type*> owners_; // of the effects, one each; alive, since finish is an operation's last effect
  core::effects<Side> running_effects_; // being carried out
  std::vector<operation_type*> running_owners_;
  bool draining_ = false;
  std::unordered_map<lane_id, std::unique_ptr<lane<Side>>> lanes_;
  std::vector<lane<Side>*> dirty_; // lanes with something in their outbox
  bool stopping_ = false;
  std::array<std::atomic<uint64_t>, 7> terminated_{};
};

template <class Side>
template <class Event>
void shard<Side>::apply(operation_type& operation, Event&& event) {
  operation.machine_->handle(std::move(event), now_, effects_);
  run_effects(operation);
}

template <class Side>
template <class Record>
void shard<Side>::adopt(operation_ref operation, lane_id from, const core::settings& setup,
                        typename Side::beginning&& how, Record record) {
  auto* x = operation.get();
  x->lane_ = &lane_of(from);
  x->set_peer(x->lane_->peer);
  operations_.emplace(x->operation(), std::move(operation));
  record(*x, how);
  x->machine_.emplace(setup, std::move(how), now_, effects_);
  run_effects(*x);
}

extern template class shard<core::front_side>;
extern template class shard<core::back_side>;

} // namespace tandem
