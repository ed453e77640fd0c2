/// One side of an operation for tests: a machine, a customer that records, and the near end of a link. It carries out
/// the machine's effects as the pump of an end does, and writes down every breach of what a machine promises.
#pragma once

#include "ticket_builders.hpp"

#include "../../actors/core/operation.hpp"

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace tandem_test {

/// The time at which every story begins; not zero, so that a time point that was never set is noticed.
inline constexpr tandem::time_point the_beginning{std::chrono::hours(1000)};

/// A test's customer code throws this where the API has no_such_method.
struct unknown_method {};

/// A call of the customer's consumer: consume, terminate or consume_and_terminate.
struct customer_call {
  std::optional<std::string> content;
  bool last = false;
};

/// "a", "end" or "a and end".
std::string written(const customer_call& x);

struct half_options {
  tandem::subscription_kind subscription = tandem::subscription_kind::full;
  std::optional<tandem::duration> timeout = std::nullopt;      ///< what the serviced asks for
  tandem::duration front_timeout = std::chrono::seconds(10);   ///< the front's where the serviced asks for none
  tandem::duration default_timeout = std::chrono::seconds(30); ///< the back's
  tandem::duration maximum_timeout = std::chrono::seconds(60); ///< the back's
  uint32_t held_tickets = 4;
  uint32_t window = tandem::no_window;
  uint32_t waiting_payloads = 0; ///< any number
  std::optional<tandem::trace_id> trace_id = std::nullopt;
};

template <class Side>
class half {
public:
  using incoming = typename Side::incoming;
  using outgoing = typename Side::outgoing;

  half(const half_options& options, tandem::time_point beginning) : now(beginning), options_(options) {
  }

  // -- events --------------------------------------------------------------------

  /// The serviced commences the operation.
  void operate(std::optional<std::string> content = std::nullopt, bool complete = false) requires(Side::is_front);

  /// A ticket arrives. At the back the first one begins the operation.
  void receive(incoming ticket, std::string fault = {});

  void consume(std::string content) {
    give(std::move(content), false);
  }
  void terminate() {
    give(std::nullopt, true);
  }
  void consume_and_terminate(std::string content) {
    give(std::move(content), true);
  }
  void allow(uint64_t payloads) {
    handle(tandem::core::allowance_given{payloads});
  }
  /// Its answer is in ready_calls.
  void ask_ready() {
    handle(tandem::core::readiness_asked{});
  }
  void fail(std::string details = {}) {
    handle(tandem::core::failure_requested{std::move(details)});
  }
  void cancel(std::string details = {}) requires(Side::is_front) {
    handle(tandem::core::cancel_requested{std::move(details)});
  }
  void set_timeout(tandem::duration value) requires(Side::is_front) {
    handle(tandem::core::timeout_given{value});
  }

  /// Its timer fires, in time or not.
  void fire_timer() {
    timer.reset();
    handle(tandem::core::timer_fired{});
  }

  // -- how the customer behaves ------------------------------------------------------

  /// Calls of customer code do not return before return_from_call() or throw_from_call().
  bool holds_calls = false;
  void return_from_call();
  void throw_from_call(tandem::core::customer_threw::kind what = tandem::core::customer_threw::kind::error,
                       std::string details = "oops");
  /// The actions of customer code in each call, the first being that of its factory. They may throw.
  std::function<void(half&)> in_call;

  // -- how the link behaves -----------------------------------------------------------

  bool link_refuses = false;
  /// The link has the last ticket only when link_took_it() says so; otherwise it has it at once.
  bool link_is_slow = false;
  void link_took_it();
  /// The link is gone.
  void lose_link(std::string details = "link lost");

  // -- who watches it -------------------------------------------------------------------------

  /// Called as the recorder of an end is: for a ticket that arrives, before it takes effect, and for an effect, before
  /// it is carried out.
  std::function<void(const incoming&)> on_arrival;
  std::function<void(const tandem::core::effect<outgoing>&)> on_effect;

  // -- its actions ------------------------------------------------------------------------

  tandem::time_point now;
  std::deque<outgoing> under_way;         ///< sent and not arrived at the other half
  std::vector<outgoing> sent;             ///< all that was handed to the link
  size_t opened = 0;                      ///< how often the customer's factory was called
  std::vector<customer_call> calls;       ///< of the customer's consumer
  size_t ready_calls = 0;                 ///< how often it was told that it can send
  std::vector<tandem::core::finish> ends; ///< more than one would be a violation
  std::optional<tandem::time_point> timer;
  std::vector<std::string> effects; ///< in words, for those tests where their order matters
  std::vector<std::string> violations;
  bool call_under_way = false;
  bool link_owes_answer = false;
  size_t dropped = 0; ///< tickets that came before the operation
  size_t late = 0;    ///< tickets that came after it

  bool begun() const {
    return machine_.has_value();
  }
  bool active() const {
    return machine_ && machine_->active();
  }
  bool ended() const {
    return machine_ && !machine_->active();
  }
  bool ready() const {
    return machine_ && machine_->is_ready();
  }
  std::optional<typename tandem::core::operation<Side>::progress> how_far() const {
    return machine_ ? machine_->how_far() : std::nullopt;
  }
  /// "completed" or one of the other six, "active", or "absent".
  std::string outcome() const;
  /// The finish effect.
  std::string details() const;
  std::string state() const {
    return machine_ ? machine_->state_name() : "absent";
  }
  tandem::time_point deadline() const {
    return machine_ ? machine_->deadline() : tandem::time_point{};
  }
  std::string sent_tickets() const {
    return written_all(sent);
  }
  std::string received() const {
    return written_all(calls);
  }
  /// The effects since this was called last.
  std::string take_effects();

  /// Feeds one event and carries out its effects.
  template <class Event>
  void handle(Event event) {
    if (!machine_)
      return;
    if constexpr (tandem::core::event_of<Event, Side>) // clang 14 makes the front's functions for the back, too
      machine_->handle(std::move(event), now, pending_);
    drain();
  }

private:
  void give(std::optional<std::string> content, bool last);
  void begin_at_back(incoming ticket);
  tandem::core::flow_settings flow() const {
    return {.window = options_.window, .window_bytes = 0, .waiting_payloads = options_.waiting_payloads};
  }
  void drain();
  void carry_out(tandem::core::send_ticket<outgoing>& x);
  void carry_out(tandem::core::open_customer& x);
  void carry_out(tandem::core::deliver& x);
  void carry_out(tandem::core::report_ready& x);
  void carry_out(tandem::core::set_timer& x);
  void carry_out(tandem::core::finish& x);
  void call_customer();
  void check_sent(const outgoing& ticket);
  void violated(std::string what) {
    violations.push_back(std::string{Side::name} + ": " + what);
  }

  half_options options_;
  std::optional<tandem::core::operation<Side>> machine_;
  tandem::core::effects<Side> pending_;
  bool draining_ = false;
  bool link_lost_ = false;
};

using front_half = half<tandem::core::front_side>;
using back_half = half<tandem::core::back_side>;

/// An effect in words: "send completion(a)", "open customer", "deliver a and end", "set timer 10000 ms",
/// "finish: cancelled". Times count from `beginning`.
template <class Ticket>
std::string written(const tandem::core::effect<Ticket>& x, tandem::time_point beginning);

extern template class half<tandem::core::front_side>;
extern template class half<tandem::core::back_side>;

} // namespace tandem_test
