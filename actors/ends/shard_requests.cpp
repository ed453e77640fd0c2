/// What customer code asks of its operation, from any thread: it is done in the operation's shard, in order.
#include "../compat/actor_threads.hpp"
#include "shard.hpp"

#include <algorithm>
#include <thread>
#include <utility>

namespace tandem {

namespace {

/// A call of customer code that sends more than this sends the rest in turns.
constexpr size_t sent_at_once = 64;

} // namespace

template <class Side>
void shard<Side>::submit(operation_type& operation, core::customer_event&& event) {
  if (takes_at_once(operation))
    return apply_event(operation, std::move(event));
  const bool may_wait = !is_any_current() && !compat::is_actor_thread();
  if (is_current()) {
    operation.set_sends_later();
  } else if (may_wait && end_->congested().any() && std::holds_alternative<core::payload_given>(event)) {
    end_->congested().wait_for_link(operation.lane_number, [&] { return operation.ended().has_value(); });
  }
  const auto most = event_backlog::most_ahead(event);
  const auto ahead = operation.waiting_events.add();
  if (!push(operation.operation(), wish{operation_ref{&operation}, std::move(event)}))
    return operation.waiting_events.done(end_->congested());
  if (ahead >= std::min(event_backlog::far_ahead, most) && !is_current())
    std::this_thread::yield();
  if (ahead >= most && may_wait)
    operation.waiting_events.wait(end_->congested(), most);
}

template <class Side>
void shard<Side>::give(operation_type& operation, core::payload_given&& x) {
  operation.count_given(x, is_current());
  if (takes_at_once(operation))
    apply_event(operation, std::move(x));
  else
    submit(operation, std::move(x));
}

/// The caller is this shard, and nothing of that operation is to come first. (If it has not begun yet, another thread
/// commenced it, and the task that begins it still waits.)
template <class Side>
bool shard<Side>::is_in_order(const operation_type& operation) const noexcept {
  return is_current() && operation.machine && operation.waiting_events.empty();
}

template <class Side>
bool shard<Side>::takes_at_once(const operation_type& operation) const noexcept {
  return is_in_order(operation) && next_->effects.size() < sent_at_once;
}

template <class Side>
void shard<Side>::call_ended(operation_ref operation, call_result result, std::shared_ptr<consumer> opened) {
  const auto id = operation->operation();
  push(id, call_end{std::move(operation), std::move(result), std::move(opened)});
}

template <class Side>
void shard<Side>::add_callback(operation_ref operation, termination_callback callback) {
  end_->reason_added(); // S-STATS-2
  auto add = [this, operation, callback]() mutable {
    operation->callbacks.push_back(std::move(callback));
    if (operation->ended())
      calls_.run_callbacks(*operation);
    ++reasons_gone_;
  };
  const bool added = push(operation->operation(), std::function<void()>{std::move(add)}, tasks::once);
  // A shard that has stopped has ended all its operations: the callback can be called here.
  if (!added) {
    calls_.run_callback(*end_, nullptr, operation, callback);
    end_->done_with(1);
  }
}

template <class Side>
void shard<Side>::ask_ready(operation_ref operation, std::function<void()> call) {
  const bool in_order = is_in_order(*operation);
  auto ask = [this, operation, call = std::move(call)]() mutable {
    if (operation->ended())
      return;
    operation->rare.get().ready_calls.push_back(std::move(call));
    hold_or_ask(*operation);
  };
  if (in_order)
    ask();
  else
    push(operation->operation(), std::function<void()>{std::move(ask)}, tasks::once);
}

/// The machine knows nothing of congested links, nor of how large payloads are: while it is about that, it must not be
/// asked.
template <class Side>
void shard<Side>::hold_or_ask(operation_type& operation) {
  if (end_->congested().is_congested(operation.lane_number)) {
    if (operation.rare.get().asks_held++ == 0)
      asks_held_.push_back(operation_ref{&operation});
    return;
  }
  if (operation.has_too_many_bytes()) {
    ++operation.rare.get().asks_held;
    operation.wait_for_bytes();
    if (operation.has_too_many_bytes())
      return;
    --operation.rare.get().asks_held; // they have just gone; whoever was told of it finds nothing to do
  }
  apply_event(operation, core::readiness_asked{});
}

template <class Side>
void shard<Side>::ask_again(operation_type& operation) {
  for (auto asks = std::exchange(operation.rare.get().asks_held, 0u); asks > 0 && !operation.ended(); --asks)
    hold_or_ask(operation);
}

template <class Side>
void shard<Side>::relieve(lane_id lane) {
  for (auto& operation : std::exchange(asks_held_, {})) {
    if (operation->ended())
      continue;
    if (lane != congestion::all_lanes && operation->lane_number != lane) {
      asks_held_.push_back(operation);
      continue;
    }
    ask_again(*operation);
    lanes_.flush(); // what one has sent may be enough
  }
}

template <class Side>
void shard<Side>::bytes_gone(operation_ref operation) {
  if (!operation->ended())
    post([this, operation] {
      if (!operation->ended() && operation->rare)
        ask_again(*operation); // those that its link holds up now wait for that
    });
}

template <class Side>
void shard<Side>::annotate(operation_ref operation, std::string text) {
  run_soon(*operation, [this, operation, text = std::move(text)] {
    if (!operation->ended())
      tap_.annotated(*operation, text);
  });
}

template <class Side>
void shard<Side>::payload_consumed(operation_ref operation, const timed_payload& x) {
  run_soon(*operation, [this, operation, x, took = end_->now() - x.began] {
    if (!operation->ended())
      tap_.consumed(*operation, x, took);
  });
}

/// How many of them can go before this shard has to know changes with each payload that is consumed.
template <class Side>
void shard<Side>::settle_charges(operation_type& operation) {
  auto& machine = *operation.machine;
  while (machine.has_kept()) {
    const auto released = operation.publish_release_due();
    if (released == 0)
      return;
    machine.handle(core::payloads_released{released}, now_, next_->effects);
  }
}

template void shard<core::front_side>::submit(operation_type&, core::customer_event&&);
template void shard<core::front_side>::give(operation_type&, core::payload_given&&);
template bool shard<core::front_side>::is_in_order(const operation_type&) const noexcept;
template bool shard<core::front_side>::takes_at_once(const operation_type&) const noexcept;
template void shard<core::front_side>::call_ended(operation_ref, call_result, std::shared_ptr<consumer>);
template void shard<core::front_side>::add_callback(operation_ref, termination_callback);
template void shard<core::front_side>::ask_ready(operation_ref, std::function<void()>);
template void shard<core::front_side>::hold_or_ask(operation_type&);
template void shard<core::front_side>::ask_again(operation_type&);
template void shard<core::front_side>::bytes_gone(operation_ref);
template void shard<core::front_side>::relieve(lane_id);
template void shard<core::front_side>::annotate(operation_ref, std::string);
template void shard<core::front_side>::payload_consumed(operation_ref, const timed_payload&);
template void shard<core::front_side>::settle_charges(operation_type&);

template void shard<core::back_side>::submit(operation_type&, core::customer_event&&);
template void shard<core::back_side>::give(operation_type&, core::payload_given&&);
template bool shard<core::back_side>::is_in_order(const operation_type&) const noexcept;
template bool shard<core::back_side>::takes_at_once(const operation_type&) const noexcept;
template void shard<core::back_side>::call_ended(operation_ref, call_result, std::shared_ptr<consumer>);
template void shard<core::back_side>::add_callback(operation_ref, termination_callback);
template void shard<core::back_side>::ask_ready(operation_ref, std::function<void()>);
template void shard<core::back_side>::hold_or_ask(operation_type&);
template void shard<core::back_side>::ask_again(operation_type&);
template void shard<core::back_side>::bytes_gone(operation_ref);
template void shard<core::back_side>::relieve(lane_id);
template void shard<core::back_side>::annotate(operation_ref, std::string);
template void shard<core::back_side>::payload_consumed(operation_ref, const timed_payload&);
template void shard<core::back_side>::settle_charges(operation_type&);

} // namespace tandem
