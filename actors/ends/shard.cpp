#include "shard.hpp"
#include "../../messages/outcome_error.hpp"
#include "../../messages/type_ids.hpp"
#include "../compat/actor_threads.hpp"
#include "../compat/callback_actor.hpp"
#include "operation_listing.hpp"
#include "shard_actor.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <thread>

namespace tandem {

namespace {

/// How many rounds a shard runs, and how many of them full ones, before other actors of the scheduler have their turn.
constexpr int rounds_per_run = 64;
constexpr size_t full_rounds_per_run = 4;

/// Up to so many tickets at once stay on this core.
constexpr size_t few_tickets = 2;

/// Which shard the thread is running, if any.
thread_local const void* current_shard = nullptr;

/// Made only once, since it is sent so often.
const caf::message& run_message() {
  static const caf::message result = caf::make_message(run_shard{});
  return result;
}

} // namespace

// -- from any thread ---------------------------------------------------------------------

template <class Side>
shard<Side>::shard(std::shared_ptr<end_context> end, uint32_t index)
  : end_(std::move(end)),
    index_(index),
    tap_(end_->recorder(), end_->options().flight_records),
    lanes_(*this, tap_, index == 0),
    calls_(*this, [this](operation_type& x, const side_parts<Side>& parts) { return open_customer(x, parts); }),
    now_(end_->now()),
    timers_(now_) {
}

template <class Side>
shard<Side>::~shard() = default;

template <class Side>
void shard<Side>::start() {
  end_->shard_started();
  auto self = shared();
  for (auto& x : actors_)
    x = end_->system().template spawn<shard_actor>(
      shard_actor::functions{[self] { return self->run_by_actor(); }, [self] { return self->wake_by_timer(); }});
}

template <class Side>
bool shard<Side>::is_current() const noexcept {
  return current_shard == this;
}

template <class Side>
bool shard<Side>::is_any_current() noexcept {
  return current_shard != nullptr;
}

template <class Side>
bool shard<Side>::see_to(typename tasks::duty duty, bool few) {
  switch (duty) {
    case tasks::duty::none:
      return true;
    case tasks::duty::stopped:
      end_->work_done();
      return false;
    case tasks::duty::run:
      break;
  }
  if (!few || !trampoline::defer(shared()))
    run_in_scheduler();
  return true;
}

template <class Side>
bool shard<Side>::push(const operation_id& operation, task&& x, size_t weight) {
  end_->work_added();
  return see_to(inbox_.push(operation, std::move(x), weight));
}

template <class Side>
bool shard<Side>::post(std::function<void()> job) {
  end_->work_added();
  return see_to(inbox_.push(std::move(job)));
}

template <class Side>
bool shard<Side>::post_in_order(std::function<void()> job) {
  end_->work_added();
  return see_to(inbox_.push_barrier(std::move(job)));
}

template <class Side>
bool shard<Side>::run_soon(std::function<void()> job) {
  if (!is_current())
    return post(std::move(job));
  job();
  return true;
}

template <class Side>
bool shard<Side>::run_soon(const operation_type& operation, std::function<void()> job) {
  if (!is_current())
    return push(operation.operation(), std::move(job), tasks::once);
  job();
  return true;
}

template <class Side>
auto shard<Side>::arrive(std::vector<incoming>&& tickets, lane_id from) -> std::vector<incoming> {
  const auto amount = tickets.size();
  size_t weight = 0;
  for (const auto& x : tickets)
    weight += is_last(x.kind) ? tasks::once : tasks::one;
  end_->work_added();
  task x = arrival{std::move(tickets), from};
  if (const auto duty = inbox_.try_push(x, weight)) {
    if (!see_to(*duty, amount <= few_tickets))
      return std::move(std::get<arrival>(x).tickets);
    return {};
  }
  auto left = push_pieces(std::move(std::get<arrival>(x)));
  end_->work_done();
  return left;
}

/// Pieces of one operation each, no longer than a turn. An abortive ticket does not wait (S-RECV-3), unless the ticket
/// that begins its operation does.
template <class Side>
auto shard<Side>::push_pieces(arrival&& x) -> std::vector<incoming> {
  std::vector<incoming> left;
  const auto begins = [](const task& y) {
    const auto* tickets = std::get_if<arrival>(&y);
    return tickets != nullptr && is_first(tickets->tickets.front().kind);
  };
  for (auto begin = x.tickets.begin(); begin != x.tickets.end();) {
    const auto id = begin->operation;
    const bool urgent = is_abortive(begin->kind);
    auto end = begin + 1;
    while (!urgent && end != x.tickets.end() && static_cast<size_t>(end - begin) < tasks::tickets_in_turn
           && end->operation == id && !is_abortive(end->kind))
      ++end;
    const auto weight = static_cast<size_t>(end - begin) * tasks::one;
    task piece = arrival{{std::make_move_iterator(begin), std::make_move_iterator(end)}, x.from};
    begin = end;
    end_->work_added();
    if (!see_to(urgent ? inbox_.push_urgent(id, std::move(piece), [&](const task& y) { return !begins(y); })
                       : inbox_.push(id, std::move(piece), weight)))
      std::ranges::move(std::get<arrival>(piece).tickets, std::back_inserter(left));
  }
  return left;
}

template <class Side>
void shard<Side>::add_to(stats& sum) const {
  for (auto value : all_outcomes)
    sum.of(value) += terminated_[static_cast<size_t>(value) - 1].load(std::memory_order_relaxed);
  sum.dropped += dropped_.load(std::memory_order_relaxed);
  sum.late += late_.load(std::memory_order_relaxed);
  sum.refused += refused_.load(std::memory_order_relaxed);
}

// -- the right to run --------------------------------------------------------------------

template <class Side>
void shard<Side>::run_in_scheduler() {
  compat::deliver(caf::actor_cast<caf::strong_actor_ptr>(actors_[next_actor_]), nullptr, run_message());
}

template <class Side>
void shard<Side>::run_here() {
  run();
}

template <class Side>
bool shard<Side>::run_by_actor() {
  trampoline scope{trampoline::place::scheduler};
  return run();
}

template <class Side>
bool shard<Side>::wake_by_timer() {
  switch (inbox_.wake()) {
    case tasks::duty::none:
      return true;
    case tasks::duty::stopped:
      return false;
    case tasks::duty::run:
      break;
  }
  return run_by_actor();
}

// -- the pump ----------------------------------------------------------------------------

/// Does what there is to do, for a while. False once the shard has stopped.
template <class Side>
bool shard<Side>::run() {
  using rest = typename tasks::rest;
  if (inbox_.is_stopped())
    return false;
  const auto* previous = std::exchange(current_shard, this);
  auto after = rest::more;
  size_t weight = 0;
  for (int round = 0; after == rest::more && round < rounds_per_run && weight < full_rounds_per_run * tasks::round;
       ++round) {
    weight += inbox_.take(taken_, in_turn_);
    run_round();
    const bool has_tickets = lanes_.has_more();
    // Taken while nobody else can run this shard; told after all consequences were posted, and the clock knows of the
    // next timer.
    const auto done = has_tickets ? 0 : std::exchange(tasks_done_, 0);
    after = inbox_.finish_round(stopping_, has_tickets);
    if (!has_tickets)
      end_->work_done(done);
  }
  current_shard = previous;
  if (after == rest::more) {
    // This thread still has the right to run, and passes it on: to the other actor, for one that sends itself a message
    // goes on with that at once.
    next_actor_ = 1 - next_actor_;
    run_in_scheduler();
  } else if (after == rest::stopped) {
    end_for_good();
  }
  return after != rest::stopped;
}

template <class Side>
void shard<Side>::run_round() {
  now_ = end_->now();
  tap_.begin_round(now_);
  take(taken_);
  take(in_turn_);
  fire_timers();
  lanes_.flush();
  if (const auto gone = std::exchange(reasons_gone_, 0); gone > 0)
    end_->done_with(gone); // S-STATS-2
  arm_wake_up();           // while nobody else can run this shard
  tap_.end_round();
}

template <class Side>
void shard<Side>::end_for_good() {
  for (auto& x : actors_) // they see that it has ended, and do, too
    compat::deliver(caf::actor_cast<caf::strong_actor_ptr>(x), nullptr, run_message());
  lanes_.clear();
  if (end_->options().clock)
    end_->options().clock->forget(this);
  end_->shard_stopped();
}

template <class Side>
void shard<Side>::take(std::vector<task>& all) {
  tasks_done_ += static_cast<int64_t>(all.size());
  for (auto& x : all) {
    take(x);
    if (lanes_.is_full())
      lanes_.flush();
  }
  all.clear();
}

template <class Side>
void shard<Side>::take(task& x) {
  if (auto* tickets = std::get_if<arrival>(&x)) {
    take(*tickets);
  } else if (auto* wanted = std::get_if<wish>(&x)) {
    wanted->operation->waiting_events.done(end_->congested());
    apply_event(*wanted->operation, std::move(wanted->event));
  } else if (auto* call = std::get_if<call_end>(&x)) {
    if (call->opened && call->operation->machine->active())
      call->operation->customer = std::move(call->opened);
    std::visit([&](auto& event) { apply_event(*call->operation, std::move(event)); }, call->result);
  } else {
    std::get<std::function<void()>>(x)();
  }
  x = std::function<void()>{}; // its captures go now, not when the whole batch is done
}

template <class Side>
void shard<Side>::take(arrival& x) {
  for (auto& ticket : x.tickets) {
    if (ticket.payload && ticket.payload_size == 0)
      ticket.payload_size = size_of_text(*ticket.payload); // S-FLOW-13: the link has not told it
    if (auto* operation = operations_.find(ticket.operation)) {
      tap_.received(*operation, ticket);
      feed(*operation, std::move(ticket));
      if (operation->publish_allowed()) // before customer code is told that it can send
        end_->congested().wake();
      run_effects(*operation);
    } else {
      receive_unknown(std::move(ticket), x.from);
    }
  }
}

template <class Side>
void shard<Side>::fire_timers() {
  while (auto* node = timers_.take_due(now_))
    apply_event(operation_type::of(*node), core::timer_fired{});
}

template <class Side>
void shard<Side>::arm_wake_up() {
  auto next = timers_.next_wake();
  const auto& clock = end_->options().clock;
  if (!next) {
    if (clock && std::exchange(next_wake_up_, std::nullopt))
      clock->forget(this);
    return;
  }
  if (clock) {
    next_wake_up_ = next;
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
  compat::send_after(delay, actors_.front(), timer_due{});
}

// -- events and effects --------------------------------------------------------------------

template <class Side>
template <class Event>
void shard<Side>::call_is_over(operation_type& operation, Event&& result) {
  if (operation.take_sends_later())
    return call_ended(operation_ref{&operation}, std::forward<Event>(result), nullptr); // behind what it has sent
  apply_event(operation, std::forward<Event>(result));
}

template <class Side>
void shard<Side>::returned(operation_type& operation) {
  call_is_over(operation, core::customer_returned{});
}

template <class Side>
void shard<Side>::threw(operation_type& operation, core::customer_threw&& x) {
  call_is_over(operation, std::move(x));
}

template <class Side>
void shard<Side>::apply(operation_type& operation, link_result result) {
  std::visit([&](auto& event) { apply_event(operation, std::move(event)); }, result);
}

/// In order: effects that come up while others are being carried out (customer code that sends from within its call)
/// are collected, and their turn comes after those.
template <class Side>
void shard<Side>::run_effects(operation_type& owner) {
  while (next_->owners.size() < next_->effects.size())
    next_->owners.push_back(&owner);
  if (draining_)
    return;
  draining_ = true;
  while (!next_->effects.empty()) {
    auto& running = *next_;
    next_ = next_ == &batches_[0] ? &batches_[1] : &batches_[0];
    for (size_t i = 0; i < running.effects.size(); ++i) {
      std::visit([&](auto& effect) { execute(*running.owners[i], effect); }, running.effects[i]);
      if (lanes_.is_full())
        lanes_.flush(); // that a link is congested is known only then; and more would only wait here
    }
    running.effects.clear();
    running.owners.clear();
  }
  draining_ = false;
}

template <class Side>
void shard<Side>::held_bytes_changed(operation_type& operation, int64_t change) noexcept {
  held_.change(change, end_->held());
  if (auto* entry = operation.lane; entry->limit)
    entry->held.change(change, entry->limit->held);
}

template <class Side>
void shard<Side>::execute(operation_type& operation, core::send_ticket<outgoing>& x) {
  lanes_.put(operation, std::move(x.ticket), x.last);
}

template <class Side>
void shard<Side>::execute(operation_type& operation, core::open_customer&) {
  calls_.open(operation);
}

template <class Side>
void shard<Side>::execute(operation_type& operation, core::deliver& x) {
  if (!operation.ended() && calls_.deliver(operation, std::move(x))) // S-RECV-9
    apply_event(operation, core::call_extended{});
}

template <class Side>
void shard<Side>::execute(operation_type& operation, core::report_ready&) {
  if (operation.ended())
    return;
  if (end_->congested().is_congested(operation.lane_number) || operation.has_too_many_bytes()) {
    hold_or_ask(operation);
    return apply_event(operation, core::customer_returned{});
  }
  calls_.report_ready(operation);
}

template <class Side>
void shard<Side>::execute(operation_type& operation, core::set_timer& x) {
  operation.set_deadline(x.deadline);
  timers_.set(operation.timer(), x.deadline);
}

template <class Side>
void shard<Side>::execute(operation_type& operation, core::finish& x) {
  operation_ref keep{&operation};
  timers_.cancel(operation.timer()); // S-END-9: from here on nothing is left of it
  operations_.remove(operation.operation());
  forget(operation);
  tap_.ended(operation, x.value, x.details);
  count(terminated_[static_cast<size_t>(x.value) - 1]); // S-STATS-1: before the callbacks
  operation.set_ended(x.value, x.details);
  end_->receipts().forget(operation.operation());
  end_->congested().wake();
  lanes_.forget(operation);
  // They go last: an actor that they keep must be there for its down message.
  const auto customer = std::exchange(operation.customer, nullptr);
  [[maybe_unused]] const auto parts = std::exchange(operation.parts, {});
  std::optional<std::deque<std::function<void()>>> ready_calls;
  if (operation.rare)
    ready_calls.emplace().swap(operation.rare->ready_calls);
  calls_.run_callbacks(operation);
  operation.end(to_error(x.value, x.details)); // S-END-8
  end_->operation_ended();
  ++reasons_gone_;
}

// -- all operations ----------------------------------------------------------------------------

template <class Side>
typename shard<Side>::operation_ref shard<Side>::find(const operation_id& id) const {
  return operation_ref{operations_.find(id)};
}

template <class Side>
void shard<Side>::for_each(const std::function<void(operation_type&)>& f) {
  std::vector<operation_ref> all;
  all.reserve(operations_.size());
  for (const auto& operation : operations_)
    all.push_back(operation);
  for (auto& operation : all)
    f(*operation);
}

template <class Side>
void shard<Side>::fail_all(const std::string& details) {
  for_each([&](operation_type& operation) { apply_event(operation, core::failure_requested{details}); });
}

template <class Side>
void shard<Side>::abort_all() {
  for_each([this](operation_type& operation) { abort_for_stop(operation); });
}

template <class Side>
void shard<Side>::stop() {
  abort_all();
  stopping_ = true;
}

template <class Side>
std::vector<nlohmann::json> shard<Side>::list(size_t most) const {
  return descriptions_of_oldest(operations_, most);
}

template class shard<core::front_side>;
template class shard<core::back_side>;

} // namespace tandem
