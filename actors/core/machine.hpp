/// One side of one operation, as a pure state machine: no actor, no clock, no I/O. FrontMachine and BackMachine
/// (front_machine.hpp, back_machine.hpp) begin it; from then on both sides are this.
///
///            output: open ──last payload──▶ closing ──link took it──▶ closed
///   active ─┤
///            input:  open ──completion────▶ closing ──consumed──────▶ closed
///
///   active ──both closed──▶ ended(completed)              S-END-1
///   active ──first abort──▶ ended(one of the other six)   S-END-2
///
/// How to use it: begin() once, then handle(event, now, effects) for each event, and carry out the effects in order.
/// Effects are appended, never executed, so handle() may be called again while earlier effects are being carried out
/// (customer code that sends from within its own call). `now` never goes backward. Not thread-safe: one caller at a
/// time.
#pragma once

#include "effects.hpp"
#include "reception.hpp"
#include "sides.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace tandem::core {

/// Customer code may send.
struct output_open {};
/// The last ticket is issued; the link does not have it yet.
struct output_closing {};
/// The link has the last ticket, or none is owed (S-SEND-6).
struct output_closed {};
using output_state = std::variant<output_open, output_closing, output_closed>;

/// More is to come.
struct input_open {};
/// The completion's turn has come; customer code has not consumed everything.
struct input_closing {};
/// Everything is consumed, or nothing is wanted (S-SEND-6).
struct input_closed {};
using input_state = std::variant<input_open, input_closing, input_closed>;

/// Which call of customer code is under way (S-RECV-8).
enum class customer_call : uint8_t { none, opening, delivering, delivering_last };

template <class Side>
class machine {
public:
  using incoming = typename Side::incoming;
  using outgoing = typename Side::outgoing;
  using effects = std::vector<effect<outgoing>>;

  /// What stays the same while the operation lives.
  struct settings {
    operation_id operation;
    subscription_kind subscription = subscription_kind::full;
    uint32_t held_tickets = 64;                 ///< how many tickets may be held ahead of their turn (S-RECV-1)
    time_point beginning;                       ///< from where timeouts are measured (S-TIME-1)
    duration maximum_timeout = longest_timeout; ///< S-TIME-2
  };

  explicit machine(const settings& x) : settings_(x), state_(std::in_place_type<active_state>) {
  }

  // -- events ----------------------------------------------------------------

  template <class Event>
  void handle(Event&& event, time_point now, effects& out) {
    // on() has an overload for every (state, event) pair, none of them generic in both: a pair that nobody thought of
    // does not compile.
    if constexpr (std::is_lvalue_reference_v<Event>)
      handle(std::remove_cvref_t<Event>{event}, now, out);
    else
      std::visit([&](auto& state) { on(state, std::move(event), context{now, out}); }, state_);
  }

  // -- what the pump and the tests may know ----------------------------------------

  bool active() const noexcept {
    return std::holds_alternative<active_state>(state_);
  }

  /// How it ended; nothing while it is active.
  std::optional<outcome> ended() const noexcept {
    if (auto* state = std::get_if<ended_state>(&state_))
      return state->value;
    return std::nullopt;
  }

  const settings& setup() const noexcept {
    return settings_;
  }

  /// When it expires, while it is active.
  time_point deadline() const noexcept {
    auto* state = std::get_if<active_state>(&state_);
    return state ? state->deadline : time_point{};
  }

  /// How far an active operation is, for people who look at it.
  struct progress {
    sequence_number next_sent;
    sequence_number next_received;
    size_t held = 0;    ///< tickets ahead of their turn
    size_t waiting = 0; ///< payloads that wait for customer code
  };

  /// Nothing once it has ended.
  std::optional<progress> how_far() const noexcept {
    auto* a = std::get_if<active_state>(&state_);
    if (a == nullptr)
      return std::nullopt;
    return progress{a->next_out, a->in.next(), a->in.held(), a->waiting.size() - a->waiting_from};
  }

  /// "output open, input closing", or the outcome: the rows of the generated table.
  std::string state_name() const;

protected:
  struct context {
    time_point now;
    effects& out;
  };

  struct active_state {
    output_state output = output_open{};
    input_state input = input_open{};
    sequence_number next_out{};
    reception<incoming> in{sequence_number{0}};
    time_point deadline{};
    customer_call call = customer_call::none;
    std::vector<deliver> waiting; // for the customer call under way to return; taken from `waiting_from` on
    uint32_t waiting_from = 0;
  };

  struct ended_state {
    outcome value;
  };

  // -- events while active --------------------------------------------------------

  void on(active_state& a, payload_given&& e, context c);
  void on(active_state& a, ticket_received<incoming>&& e, context c);
  void on(active_state& a, customer_returned&& e, context c);
  void on(active_state& a, customer_threw&& e, context c);
  void on(active_state& a, last_ticket_taken&& e, context c);
  void on(active_state& a, transmission_failed&& e, context c);
  void on(active_state& a, timer_fired&& e, context c);
  void on(active_state& a, failure_requested&& e, context c);
  void on(active_state& a, cancel_requested&& e, context c) requires(Side::is_front);
  void on(active_state& a, timeout_given&& e, context c) requires(Side::is_front);

  /// After the end nothing has an effect (S-SEND-5, S-RECV-9, S-END-6).
  template <class Event>
  void on(ended_state&, Event&&, context) {
  }

  // -- the steps they are made of ---------------------------------------------------

  /// Issues the next ticket; the caller fills in what its kind carries.
  outgoing& send(active_state& a, ticket_kind kind, bool last, context c);
  void take(active_state& a, incoming&& ticket, context c);
  void enqueue(active_state& a, deliver&& x, context c);
  void call_next(active_state& a, context c);
  void complete_if_done(active_state& a, context c);
  void change_deadline(active_state& a, duration timeout, context c);
  void breach(std::string details, context c);
  void fail(std::string details, context c);
  /// Ends by this side's own decision: the other side is told (S-END-3).
  void abort(outcome value, std::string details, context c);
  /// Ends without a word.
  void end(outcome value, std::string details, context c);

  settings settings_;
  std::variant<active_state, ended_state> state_;
};

} // namespace tandem::core
