#include "shard.hpp"
#include "../../messages/outcome_error.hpp"
#include "../../messages/type_ids.hpp"

#include <caf/behavior.hpp>
#include <caf/event_based_actor.hpp>

#include <algorithm>

namespace tandem {

namespace {

/// The shard that the calling thread is running.
thread_local const void* current_shard = nullptr;

/// After so many tickets the link gets what there is, though more is being prepared.
constexpr size_t full_outbox = 256;

/// After so many rounds other actors of the system get their turn.
constexpr int rounds_per_run = 64;

/// So many tickets that arrive together are few (trampoline.hpp).
constexpr size_t few_tickets = 2;

/// What every wake message holds; shared, so that waking costs no allocation for the content.
const caf::message& wake_message() {
  static const caf::message result = caf::make_message(wake{});
  return result;
}

/// What customer code threw, in words. To be called in a handler.
core::customer_threw current_failure() {
  using kind = core::customer_threw::kind;
  try {
    throw;
  } catch (const no_such_method& e) {
    return {kind::no_such_method, e.what()};
  } catch (const std::exception& e) {
    return {kind::error, e.what()};
  } catch (...) {
    return {kind::error, "customer code threw something that is no std::exception"};
  }
}

} // namespace

/// The scheduled actor around a shard: all it does is tell it that it was woken.
class shard_actor : public caf::event_based_actor {
public:
  shard_actor(caf::actor_config& config, std::function<bool(bool)> woken)
    : caf::event_based_actor(config), woken_(std::move(woken)) {
  }

  caf::behavior make_behavior() override {
    return {
      [this](const tandem::wake& x) {
        if (!woken_(x.by_timer)) {
          woken_ = nullptr;
          quit();
        }
      },
    };
  }

  const char* name() const override {
    return "tandem.shard";
  }

private:
  std::function<bool(bool)> woken_;
};

// -- from any thread ---------------------------------------------------------------------

template <class Side>
shard<Side>::shard(std::shared_ptr<end_context> end, uint32_t index)
  : end_(std::move(end)),
    index_(index),
    tap_(end_->recorder(), end_->options().flight_records),
    now_(end_->now()),
    timers_(now_) {
}

template <class Side>
shard<Side>::~shard() = default;

template <class Side>
void shard<Side>::start() {
  end_->shard_started();
  self_ = end_->system().template spawn<shard_actor>(
    std::function<bool(bool)>{[self = this->shared_from_this()](bool by_timer) { return self->woken(by_timer); }});
}

template <class Side>
bool shard<Side>::is_current() const noexcept {
  return current_shard == this;
}

template <class Side>
bool shard<Side>::push(task x, bool few) {
  {
    std::lock_guard guard{mutex_};
    if (stopped_)
      return false;
    end_->work_added();
    inbox_.push_back(std::move(x));
    if (awake_)
      return true;
    awake_ = true;
  }
  if (!few || !trampoline::defer(this->shared_from_this()))
    run_in_scheduler();
  return true;
}

template <class Side>
void shard<Side>::run_in_scheduler() {
  compat::deliver(caf::actor_cast<caf::strong_actor_ptr>(self_), nullptr, wake_message());
}

template <class Side>
void shard<Side>::run_here() {
  if (!run())
    run_in_scheduler(); // the actor has to end
}

template <class Side>
bool shard<Side>::post(std::function<void()> job) {
  return push(std::move(job));
}

template <class Side>
bool shard<Side>::run_soon(std::function<void()> job) {
  if (!is_current())
    return push(std::move(job));
  job();
  return true;
}

template <class Side>
void shard<Side>::arrive(std::vector<incoming> tickets, std::vector<std::string> faults, lane_id from) {
  const bool few = tickets.size() <= few_tickets;
  push(arrival{std::move(tickets), std::move(faults), from}, few);
}

template <class Side>
template <class Event>
void shard<Side>::submit(operation_type& operation, Event event) {
  // Not begun yet: another thread commenced it, and what begins it is still in the inbox.
  if (is_current() && operation.machine_ && operation.queued_.load(std::memory_order_acquire) == 0) {
    apply(operation, std::move(event));
    return;
  }
  operation.queued_.fetch_add(1, std::memory_order_acq_rel);
  if constexpr (std::is_same_v<Event, core::payload_given>)
    push(given{operation_ref{&operation}, std::move(event)});
  else
    push(requested{operation_ref{&operation}, std::move(event)});
}

// -- the pump ----------------------------------------------------------------------------

template <class Side>
bool shard<Side>::woken(bool by_timer) {
  if (by_timer) {
    std::lock_guard guard{mutex_};
    if (awake_) {
      timer_due_ = true;
      return !stopped_;
    }
    if (stopped_)
      return false;
    awake_ = true;
  }
  trampoline scope{trampoline::rounds_in_scheduler};
  return run();
}

template <class Side>
bool shard<Side>::is_stopped() {
  std::lock_guard guard{mutex_};
  return stopped_;
}

template <class Side>
bool shard<Side>::run() {
  if (is_stopped())
    return false;
  const auto* previous = std::exchange(current_shard, this);
  bool more = true;
  for (int round = 0; more && round < rounds_per_run; ++round) {
    {
      std::lock_guard guard{mutex_};
      taken_.swap(inbox_);
    }
    now_ = end_->now();
    tap_.begin_round(now_);
    for (auto& x : taken_) {
      take(x);
      if (!dirty_.empty() && dirty_.front()->outbox.size() >= full_outbox)
        flush();
    }
    fire_timers();
    while (flush()) {}
    arm_wake_up(); // while nobody else can run this shard
    tap_.end_round();
    const auto done = static_cast<int64_t>(taken_.size());
    taken_.clear();
    bool stopped = false;
    {
      std::lock_guard guard{mutex_};
      more = !inbox_.empty() || std::exchange(timer_due_, false);
      if (!more) {
        awake_ = false;
        stopped = stopped_ = stopping_;
      }
    }
    end_->work_done(done); // after its consequences were posted, and the clock knows of the next timer
    if (stopped) {
      current_shard = previous;
      lanes_.clear();
      if (end_->options().clock)
        end_->options().clock->forget(this);
      end_->shard_stopped();
      return false;
    }
  }
  current_shard = previous;
  if (more)
    run_in_scheduler(); // this still has the right to run, and passes it on
  return true;
}

template <class Side>
void shard<Side>::take(task& x) {
  if (auto* tickets = std::get_if<arrival>(&x)) {
    take(*tickets);
  } else if (auto* payload = std::get_if<given>(&x)) {
    payload->operation->queued_.fetch_sub(1, std::memory_order_acq_rel);
    apply(*payload->operation, std::move(payload->event));
  } else if (auto* call = std::get_if<returned>(&x)) {
    if (call->opened && call->operation->machine_->active())
      call->operation->customer_ = std::move(call->opened);
    std::visit([&](auto& event) { apply(*call->operation, std::move(event)); }, call->event);
  } else if (auto* request = std::get_if<requested>(&x)) {
    request->operation->queued_.fetch_sub(1, std::memory_order_acq_rel);
    std::visit(
      [&](auto& event) {
        if constexpr (Side::is_front || std::is_same_v<std::decay_t<decltype(event)>, core::failure_requested>)
          apply(*request->operation, std::move(event));
      },
      request->event);
  } else {
    std::get<std::function<void()>>(x)();
  }
  x = std::function<void()>{}; // what it held goes now, not when the whole batch is done
}

template <class Side>
void shard<Side>::take(arrival& x) {
  for (size_t i = 0; i < x.tickets.size(); ++i) {
    auto& ticket = x.tickets[i];
    if (!x.faults.empty())
      ticket.fault = std::move(x.faults[i]);
    if (auto entry = operations_.find(ticket.operation); entry != operations_.end()) {
      tap_.received(*entry->second, ticket);
      apply(*entry->second, core::ticket_received<incoming>{std::move(ticket)});
    } else {
      receive_unknown(std::move(ticket), x.from);
    }
  }
}

template <class Side>
void shard<Side>::fire_timers() {
  while (auto* node = timers_.take_due(now_)) {
    apply(*static_cast<typename operation_type::timer*>(node)->owner, core::timer_fired{});
  }
}

template <class Side>
void shard<Side>::arm_wake_up() {
  auto next = timers_.next_wake();
  if (!next)
    return;
  if (auto& clock = end_->options().clock) {
    clock->wake_at(this, *next, [weak = this->weak_from_this()] {
      if (auto self = weak.lock())
        self->post([] {}); // run() looks at the timers
    });
    return;
  }
  if (next_wake_up_ && *next_wake_up_ > now_ && *next_wake_up_ <= *next)
    return;
  next_wake_up_ = next;
  const auto delay = std::max<duration>(*next - now_, std::chrono::milliseconds(1));
  compat::send_after(delay, self_, tandem::wake{true});
}

// -- events and effects --------------------------------------------------------------------

/// In order: effects that come up while others are being carried out (customer code that sends from within its call)
/// are collected, and their turn comes after those.
template <class Side>
void shard<Side>::run_effects(operation_type& owner) {
  while (owners_.size() < effects_.size())
    owners_.push_back(&owner);
  if (draining_)
    return;
  draining_ = true;
  while (!effects_.empty()) {
    running_effects_.swap(effects_);
    running_owners_.swap(owners_);
    for (size_t i = 0; i < running_effects_.size(); ++i)
      std::visit([&](auto& effect) { execute(*running_owners_[i], effect); }, running_effects_[i]);
    running_effects_.clear();
    running_owners_.clear();
  }
  draining_ = false;
}

template <class Side>
void shard<Side>::execute(operation_type& operation, core::send_ticket<outgoing>& x) {
  if (operation.waits_)
    hold_back(*operation.lane_, {operation_ref{&operation}, std::move(x.ticket), x.last, false});
  else
    put_in_outbox(operation, std::move(x.ticket), x.last);
}

template <class Side>
void shard<Side>::execute(operation_type& operation, core::open_customer&) {
  auto open = [this](operation_type& x, const side_parts<Side>& parts) {
    const customer_scope scope{x};
    auto opened = open_customer(x, parts);
    if (opened == nullptr)
      throw std::runtime_error{Side::is_front ? "the ingestor returned no consumer" : "service() returned no consumer"};
    return opened;
  };
  if (end_->options().work)
    // The pool's thread gets copies: this shard may clear the operation meanwhile.
    call_in_pool(operation, [open, self = this->shared_from_this(), ref = operation_ref{&operation},
                             parts = operation.parts] { return open(*ref, parts); });
  else
    call_here(operation, [&] { operation.customer_ = open(operation, operation.parts); });
}

template <class Side>
void shard<Side>::execute(operation_type& operation, core::deliver& x) {
  if (operation.ended())
    return; // S-RECV-9
  auto hand_to = [](consumer& customer, core::deliver& x) {
    if (!x.content)
      customer.terminate();
    else if (x.last)
      customer.consume_and_terminate(std::move(*x.content));
    else
      customer.consume(std::move(*x.content));
  };
  if (end_->options().work)
    call_in_pool(operation, [hand_to, customer = operation.customer_, x = std::move(x),
                             ref = operation_ref{&operation}]() mutable {
      const customer_scope scope{*ref};
      hand_to(*customer, x);
      return std::shared_ptr<consumer>{};
    });
  else
    call_here(operation, [&] {
      const customer_scope scope{operation};
      hand_to(*operation.customer_, x);
    });
}

template <class Side>
template <class Call>
void shard<Side>::call_here(operation_type& operation, Call call) {
  try {
    call();
  } catch (...) {
    return apply(operation, current_failure());
  }
  apply(operation, core::customer_returned{});
}

template <class Side>
void shard<Side>::call_in_pool(operation_type& operation, std::function<std::shared_ptr<consumer>()> call) {
  end_->work_added();
  end_->options().work->post(
    [self = this->shared_from_this(), ref = operation_ref{&operation}, call = std::move(call)]() mutable {
      if (!ref->ended()) { // S-RECV-9: else it ended while this waited for a thread
        returned result{ref, core::customer_returned{}, nullptr};
        try {
          result.opened = call();
        } catch (...) {
          result.event = current_failure();
        }
        self->push(std::move(result));
      }
      call = nullptr; // settle() may rely on it that nothing is held any more
      ref = {};
      self->end_->work_done();
    });
}

template <class Side>
void shard<Side>::execute(operation_type& operation, core::set_timer& x) {
  operation.set_deadline(x.deadline);
  timers_.set(operation.timer_, x.deadline);
}

template <class Side>
void shard<Side>::execute(operation_type& operation, core::finish& x) {
  operation_ref keep{&operation};
  timers_.cancel(operation.timer_); // S-END-9: from here on nothing is left of it
  operations_.erase(operation.operation());
  if (operation.waiting_ > 0)
    forget_waiting(*operation.lane_, operation.waiting_);
  forget(operation);
  tap_.ended(operation, x.value, x.details);
  count(terminated_[static_cast<size_t>(x.value) - 1]); // S-STATS-1: before the callbacks
  operation.outcome_.store(static_cast<uint8_t>(x.value), std::memory_order_release);
  operation.customer_.reset();
  operation.parts = {};
  run_callbacks(operation, x.value);
  operation.end(to_error(x.value, x.details)); // S-END-8
  end_->operation_ended();
}

// -- for people --------------------------------------------------------------------------------

template <class Side>
std::vector<nlohmann::json> shard<Side>::list(size_t most) const {
  std::vector<const operation_type*> all;
  all.reserve(operations_.size());
  for (const auto& [id, operation] : operations_)
    if (operation->machine_->active())
      all.push_back(operation.get());
  auto older
    = [](const auto* x, const auto* y) { return x->machine_->setup().beginning < y->machine_->setup().beginning; };
  const auto wanted = all.begin() + static_cast<std::ptrdiff_t>(std::min(most, all.size()));
  std::partial_sort(all.begin(), wanted, all.end(), older);
  std::vector<nlohmann::json> result;
  std::transform(all.begin(), wanted, std::back_inserter(result), [](const auto* x) { return x->describe(); });
  return result;
}

// -- termination callbacks -------------------------------------------------------------------

template <class Side>
void shard<Side>::add_callback(operation_type& operation, termination_callback callback) {
  operation.callbacks_.push_back(std::move(callback));
  if (auto value = operation.ended())
    run_callbacks(operation, *value);
}

template <class Side>
void shard<Side>::run_callbacks(operation_type& operation, outcome value) {
  const auto callbacks = std::exchange(operation.callbacks_, {});
  if (end_->options().work && !callbacks.empty() && operation.callback_order_ == nullptr)
    operation.callback_order_ = std::make_shared<strand>(end_->options().work);
  for (const auto& callback : callbacks)
    run_callback(operation.callback_order_.get(), callback, value);
}

template <class Side>
void shard<Side>::run_callback(strand* order, const termination_callback& callback, outcome value) {
  auto run = [end = end_, callback, value] {
    try {
      callback(value);
    } catch (...) { // S-END-7: logged, and nothing else
      end->log("a termination callback threw: " + current_failure().details);
    }
  };
  if (order == nullptr)
    return run();
  end_->work_added();
  order->post([end = end_, run] {
    run();
    end->work_done();
  });
}

template class shard<core::front_side>;
template class shard<core::back_side>;

// Instantiated here because only this file sees their definitions.
template void shard<core::front_side>::submit(operation_type&, core::payload_given);
template void shard<core::front_side>::submit(operation_type&, core::failure_requested);
template void shard<core::front_side>::submit(operation_type&, core::cancel_requested);
template void shard<core::front_side>::submit(operation_type&, core::timeout_given);
template void shard<core::back_side>::submit(operation_type&, core::payload_given);
template void shard<core::back_side>::submit(operation_type&, core::failure_requested);

} // namespace tandem
