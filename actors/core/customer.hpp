/// Which call of customer code is under way, and which deliveries wait for it to return (S-RECV-7, S-RECV-8).
///
///   opening ──returned──▶ idle ◀──returned── consuming ◀──┐
///      │                   ├──a payload──────────▲  └──returned, another waits
///      │                   └──the end──▶ consuming_last ──returned: all is consumed──▶ idle
///      └──returned, another waits──▶ consuming, or consuming_last
///
/// From idle, and when a call returns, it goes to reporting if somebody waits to be told that he can send (S-FLOW-8),
/// and on from there as from opening.
///
/// How to use it: it begins opening where the customer's factory is called, else idle. handle() each delivery, and the
/// result of each call; the calls whose turn it is are added to the effects.
#pragma once

#include "effects.hpp"
#include "events.hpp"
#include "one_of.hpp"
#include "waiting_calls.hpp"

#include <algorithm>
#include <cassert>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

namespace tandem::core {

/// A payload, the end of the input (`last`), or both are to reach customer code. The content and the receipt are taken
/// from where they are.
struct to_deliver {
  std::optional<payload>& content;
  bool last = false;
  uint32_t bytes = 0; ///< about how many it has here
  std::shared_ptr<const void>& receipt;
  tandem::sequence_number sequence_number = {}; ///< of the ticket that brought it
};

/// What the return of a call means for the operation.
struct returned {
  uint64_t consumed = 0; ///< payloads
  uint64_t bytes = 0;    ///< of those
  bool all = false;      ///< and the end of the input
};

class customer {
public:
  struct idle {};
  /// The customer's factory was called.
  struct opening {};
  /// Payloads are being delivered, mostly one, and more may follow.
  struct consuming {};
  /// The end is being delivered: nothing can wait for this call.
  struct consuming_last {};
  /// Customer code is told that it can send.
  struct reporting {};
  using state = std::variant<idle, opening, consuming, consuming_last, reporting>;

  explicit customer(state beginning) : state_(std::move(beginning)) {
  }

  template <class Effects>
  void handle(to_deliver e, Effects& out) {
    std::visit([&](auto x) { on(x, e, out); }, state_);
  }

  /// With `may_send`, one who waits for that is told next.
  template <class Effects>
  returned handle(customer_returned e, bool may_send, Effects& out) {
    if (may_send && asked_ > 0)
      return std::visit([&](auto x) { return turn_to_report(x, out); }, state_);
    return std::visit([&](auto x) { return on(x, e, out); }, state_);
  }

  /// There has to be a delivery that waits.
  template <class Effects>
  void handle(call_extended e, Effects& out) {
    std::visit([&](auto x) { on(x, e, out); }, state_);
  }

  void handle(readiness_asked) noexcept {
    ++asked_;
  }

  /// Customer code can send now.
  template <class Effects>
  void report(Effects& out) {
    if (asked_ > 0 && std::holds_alternative<idle>(state_))
      turn_to_report(*std::get_if<idle>(&state_), out);
  }

  /// Payloads of the call under way.
  struct under_way {
    uint32_t payloads = 0;
    uint64_t bytes = 0;
  };

  /// So many payloads of the call under way are kept; returns those that it had.
  under_way handle(payloads_kept e) noexcept {
    if (e.payloads >= payloads_)
      return take_call();
    const auto kept = static_cast<uint32_t>(e.payloads);
    const auto bytes = kept * (bytes_ / payloads_);
    payloads_ -= kept;
    bytes_ -= bytes;
    return {kept, bytes};
  }

  /// True if its exception says that there is no such method, and the call is the one that can know (S-END-5).
  bool handle(const customer_threw& e) const {
    return std::visit([&](auto x) { return on(x, e); }, state_);
  }

  /// How many deliveries wait.
  size_t waiting() const noexcept {
    return waiting_.size();
  }

  std::string_view name() const noexcept {
    static constexpr std::string_view names[] = {"idle", "opening", "consuming", "consuming the last", "reporting"};
    return names[state_.index()];
  }

private:
  template <class Effects>
  void on(idle, to_deliver e, Effects& out) {
    auto& call = *std::get_if<deliver>(&out.emplace_back(std::in_place_type<deliver>));
    call.content = std::move(e.content);
    call.last = e.last;
    call.bytes = e.bytes;
    call.receipt = std::move(e.receipt);
    call.sequence_number = e.sequence_number;
    begin_call(call);
    if (e.last)
      state_.emplace<consuming_last>();
    else
      state_.emplace<consuming>();
  }

  template <one_of<opening, consuming, reporting> State, class Effects>
  void on(State, to_deliver e, Effects&) {
    waiting_.add({std::move(e.content), e.last, e.bytes, std::move(e.receipt), e.sequence_number});
  }

  template <class Effects>
  static void on(consuming_last, to_deliver, Effects&) {
    assert(!"something was to be delivered after the end");
  }

  template <one_of<opening, consuming, reporting> State, class Effects>
  returned on(State, customer_returned, Effects& out) {
    const auto result = end_of_call(false);
    if (waiting_.empty()) {
      state_.emplace<idle>();
      return result;
    }
    auto next = waiting_.take();
    begin_call(next);
    if (next.last)
      state_.emplace<consuming_last>();
    else
      state_.emplace<consuming>();
    out.emplace_back(std::move(next));
    return result;
  }

  template <class Effects>
  returned on(consuming_last, customer_returned, Effects&) {
    state_.emplace<idle>();
    return end_of_call(true);
  }

  template <class Effects>
  static returned on(idle, customer_returned, Effects&) {
    assert(!"customer code returned that was not called");
    return {};
  }

  template <class Effects>
  void on(consuming, call_extended, Effects& out) {
    auto next = waiting_.take();
    payloads_ += next.content.has_value();
    bytes_ += next.bytes;
    if (next.last)
      state_.emplace<consuming_last>();
    out.emplace_back(std::move(next));
  }

  template <one_of<idle, opening, consuming_last, reporting> State, class Effects>
  static void on(State, call_extended, Effects&) {
    assert(!"nothing waits that a call could take, too");
  }

  /// Instead of the next delivery, which waits; where a call was under way, it has returned.
  template <class State, class Effects>
  returned turn_to_report(State, Effects& out) {
    const auto result = end_of_call(std::same_as<State, consuming_last>);
    --asked_;
    out.emplace_back(report_ready{});
    state_.emplace<reporting>();
    return result;
  }

  static bool on(opening, const customer_threw& e) {
    return e.what == customer_threw::kind::no_such_method;
  }

  template <one_of<consuming, consuming_last, reporting> State>
  static bool on(State, const customer_threw&) {
    return false;
  }

  static bool on(idle, const customer_threw&) {
    assert(!"customer code threw that was not called");
    return false;
  }

  void begin_call(const deliver& x) noexcept {
    payloads_ = x.content.has_value();
    bytes_ = x.bytes;
  }

  under_way take_call() noexcept {
    return {std::exchange(payloads_, 0), std::exchange(bytes_, 0)};
  }

  returned end_of_call(bool all) noexcept {
    const auto call = take_call();
    return {call.payloads, call.bytes, all};
  }

  waiting_calls waiting_; ///< only while a call is under way that is not the last
  state state_;
  uint32_t payloads_ = 0; ///< of the call under way, which have not been kept
  uint32_t asked_ = 0;    ///< how many wait to be told that they can send
  uint64_t bytes_ = 0;    ///< of payloads_
};

} // namespace tandem::core
