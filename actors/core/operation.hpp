/// One side of one operation, as a pure state machine: no actor, no clock, no I/O. It puts the small machines together
/// (output.hpp with credit.hpp, input.hpp with reception.hpp and window.hpp, customer.hpp), keeps the deadline, and
/// decides the one outcome.
///
///   active ──output and input closed──▶ ended(completed)             S-END-1
///     └──the first abort──────────────▶ ended(one of the other six)  S-END-2
///
/// How to use it: construct it when the operation begins, then tell it of each event by handle(), and carry out the
/// effects in order. Effects are appended, never executed, so handle() may be called again while earlier ones are
/// being carried out (customer code that sends from within its own call). `now` never goes backward. Not thread-safe:
/// one caller at a time.
///
///     core::effects<front_side> out; // and likewise for the back, whose operation begins with a ticket
///     core::operation<front_side> front{settings, commencement{"echo", content, true}, now, out};
///     front.handle(ticket_received<back_to_front_ticket>{std::move(ticket)}, now, out);
///
/// The caller that carries out the effects owes one customer_returned or customer_threw for each call that it was told
/// to make, and one last_ticket_taken for a ticket that was `last`, and none of them at another time. After the end
/// any event may still come, and has no effect.
#pragma once

#include "credit.hpp"
#include "customer.hpp"
#include "effects.hpp"
#include "events.hpp"
#include "input.hpp"
#include "output.hpp"
#include "reception.hpp"
#include "settings.hpp"
#include "sides.hpp"
#include "window.hpp"

#include <cassert>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace tandem::core {

template <class Side>
class operation {
public:
  using incoming = typename Side::incoming;
  using outgoing = typename Side::outgoing;
  using beginning = typename Side::beginning; ///< commencement, or the first ticket

  /// The operation begins. The front's first ticket goes out in any case (S-SEND-2). A malformed first ticket, or a
  /// timeout of zero, ends the back's side at once, and the servicer is not called (S-TICKET-2).
  operation(const core::settings& setup, beginning&& how, time_point now, effects<Side>& out);

  // -- events ----------------------------------------------------------------

  template <event_of<Side> Event>
  void handle(Event&& e, time_point now, effects<Side>& out) {
    // on() has an overload for every (state, event) pair, and none of them is generic in both: a forgotten pair does
    // not compile.
    const context c{now, out};
    if (auto decided = std::visit([&](auto& state) { return on(state, std::forward<Event>(e), c); }, state_))
      end(std::move(*decided), c);
  }

  /// As ticket_received{std::move(ticket)}, without a move of the ticket, which is large.
  void receive(incoming&& ticket, time_point now, effects<Side>& out) {
    const context c{now, out};
    if (auto* active = std::get_if<active_state>(&state_))
      if (auto decided = take_received(*active, std::move(ticket), c))
        end(std::move(*decided), c);
  }

  /// Any one of several, such as event<Side>.
  template <event_of<Side>... Events>
  void handle(std::variant<Events...>&& e, time_point now, effects<Side>& out) {
    std::visit([&](auto& x) { handle(std::move(x), now, out); }, e);
  }

  /// A wish that this side does not have does nothing.
  void handle(customer_event&& e, time_point now, effects<Side>& out) {
    std::visit(
      [&]<class Event>(Event& x) {
        if constexpr (event_of<Event, Side>)
          handle(std::move(x), now, out);
      },
      e);
  }

  // -- for the caller that runs it, and for tests ---------------------------------------

  bool active() const noexcept {
    return std::holds_alternative<active_state>(state_);
  }

  /// How it ended; nothing while it is active.
  std::optional<outcome> ended() const noexcept {
    if (const auto* state = std::get_if<ended_state>(&state_))
      return state->value;
    return std::nullopt;
  }

  /// From where timeouts are measured, while it is active.
  time_point begun() const noexcept {
    const auto* state = std::get_if<active_state>(&state_);
    return state ? state->begun : time_point{};
  }

  /// When it expires, while it is active.
  time_point deadline() const noexcept {
    const auto* state = std::get_if<active_state>(&state_);
    return state ? state->deadline : time_point{};
  }

  /// How far an active operation is, for people who look at it.
  struct progress {
    sequence_number next_sent;
    sequence_number next_received;
    size_t held = 0;         ///< tickets ahead of their turn
    size_t waiting = 0;      ///< payloads that wait for customer code
    uint64_t credit = 0;     ///< how many payloads this side may still send; `unlimited`: it is not limited
    size_t unsent = 0;       ///< payloads that wait until they are allowed
    time_point unsent_since; ///< if some do
    uint64_t allowed = 0;    ///< how many payloads the other side may send in all; `unlimited`: it is not limited
    uint64_t unconsumed = 0; ///< how many of its payloads have come and were not consumed
  };

  /// Nothing once it has ended.
  std::optional<progress> how_far() const noexcept;

  /// Whether a payload that customer code sends now would go at once (S-FLOW-8).
  bool is_ready() const noexcept {
    const auto* state = std::get_if<active_state>(&state_);
    return state && can_send(*state);
  }

  /// How many payloads may be sent in all, with `unlimited` for any number: of this side, while it is active.
  uint64_t allowed() const noexcept {
    const auto* state = std::get_if<active_state>(&state_);
    return state ? state->credit.allowed() : 0;
  }

  /// How many payloads customer code can consume at least before the other side has to be told.
  uint64_t until_allowance() const noexcept {
    const auto* state = std::get_if<active_state>(&state_);
    return state ? state->window.until_due() : unlimited;
  }

  /// How many payloads of which somebody has charge can be done with before this has to know. After the completion
  /// nothing is told to the other side, but what is held counts.
  uint64_t until_release() const noexcept {
    const auto* state = std::get_if<active_state>(&state_);
    return state && !state->input.is_open() ? 1 : until_allowance();
  }

  /// Somebody has charge of payloads.
  bool has_kept() const noexcept {
    const auto* state = std::get_if<active_state>(&state_);
    return state && state->window.has_kept();
  }

  /// About how many bytes of payloads it holds: that have come and were not consumed, and that wait until they are
  /// allowed.
  uint64_t held_bytes() const noexcept {
    const auto* state = std::get_if<active_state>(&state_);
    return state ? state->window.held_bytes() + state->credit.waiting_bytes() : 0;
  }

  /// From now on, the other side is allowed as if the window were 1, or no longer so (S-FLOW-16).
  void spare(bool yes) noexcept {
    if (auto* state = std::get_if<active_state>(&state_))
      state->window.spare(yes);
  }

  /// "output open, input closing", or the outcome: for people too.
  std::string state_name() const;

private:
  struct context {
    time_point now;
    effects<Side>& out;
  };

  struct active_state {
    active_state(const core::settings& x, const beginning& how);

    operation_id id;
    core::credit credit;
    core::window window;
    reception<incoming> order;
    core::customer customer;
    sequence_number next_sent{};
    time_point begun; ///< from where timeouts are measured (S-TIME-1)
    time_point deadline{};
    duration maximum_timeout;
    uint32_t held_tickets;
    uint32_t waiting_payloads;
    subscription_kind subscription;
    core::output output;
    core::input input;
    bool limited = false; ///< the deadline is that of the back's maximum (S-TIME-2)
  };

  struct ended_state {
    outcome value;
  };

  /// How the operation ends, if what happened decides that.
  struct ending {
    outcome value;
    std::string details;
    bool tell; ///< the other side is to hear of it (S-END-3)
  };
  using decision = std::optional<ending>;

  static decision begin(active_state& a, const core::settings& setup, beginning&& how, context c);

  // -- events while active --------------------------------------------------------

  static decision on(active_state& a, payload_given&& e, context c);
  static decision on(active_state& a, failure_requested&& e, context c);
  static decision on(active_state& a, allowance_given&& e, context c);
  static decision on(active_state& a, window_given&& e, context c);
  static decision on(active_state& a, readiness_asked&& e, context c);
  static decision on(active_state& a, payloads_kept&& e, context c);
  static decision on(active_state& a, payloads_released&& e, context c);
  static decision on(active_state& a, cancel_requested&& e, context c);
  static decision on(active_state& a, timeout_given&& e, context c);
  static decision on(active_state& a, customer_returned&& e, context c);
  static decision on(active_state& a, customer_threw&& e, context c);
  static decision on(active_state& a, call_extended&& e, context c);
  static decision on(active_state& a, ticket_received<incoming>&& e, context c);
  static decision on(active_state& a, last_ticket_taken&& e, context c);
  static decision on(active_state& a, transmission_failed&& e, context c);
  static decision on(active_state& a, timer_fired&& e, context c);

  /// After the end nothing has an effect (S-SEND-5, S-RECV-9, S-END-6).
  template <event_of<Side> Event>
  static decision on(ended_state, Event&&, context) {
    return std::nullopt;
  }

  // -- the steps they are made of ---------------------------------------------------

  static decision take_received(active_state& a, incoming&& ticket, context c);
  static decision take(active_state& a, incoming&& ticket, context c);
  static decision take_allowance(active_state& a, uint64_t allowed, context c);
  static bool can_send(const active_state& a) noexcept;
  static void send(active_state& a, payload_given&& what, context c);
  static void tell(active_state& a, std::optional<uint64_t> allowed, context c);
  static void deliver(active_state& a, incoming&& ticket, context c);
  static decision keep_to(active_state& a, duration timeout, context c);

  /// Issues the next ticket. It is made in its place among the effects, for tickets are large, and this is the path
  /// that all of them take; `fill` adds what its kind carries, and has the ticket for as long as it runs.
  template <class Fill>
  static void issue(active_state& a, ticket_kind kind, bool last, context c, Fill fill);

  static decision completed_if_done(const active_state& a);
  /// By this side's own decision: the other side is told.
  static decision abort(outcome value, std::string details);
  static decision breach(std::string details);
  static decision fail(std::string details);

  /// The one place where an operation ends.
  void end(ending&& x, context c);

  std::variant<active_state, ended_state> state_;
};

extern template class operation<front_side>;
extern template class operation<back_side>;

} // namespace tandem::core
