/// Which call of customer code is under way, and which deliveries wait for it to return (S-RECV-7, S-RECV-8).
///
///   opening ──returned──▶ idle ◀──returned── consuming ◀──┐
///      │                   ├──a payload──────────▲  └──returned, another waits
///      │                   └──the end──▶ consuming_last ──returned: all is consumed──▶ idle
///      └──returned, another waits──▶ consuming, or consuming_last
///
/// How to use it: it begins opening where the customer's factory is called, else idle. handle() each delivery, and the
/// result of each call; the deliveries whose turn it is are added to the effects.
#pragma once

#include "effects.hpp"
#include "events.hpp"
#include "one_of.hpp"
#include "waiting_calls.hpp"

#include <cassert>
#include <concepts>
#include <cstddef>
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
  std::shared_ptr<const void>& receipt;
};

class customer {
public:
  struct idle {};
  /// The customer's factory was called.
  struct opening {
    waiting_calls waiting;
  };
  /// A payload is being delivered, and more may follow.
  struct consuming {
    waiting_calls waiting;
  };
  /// The end is being delivered: nothing can wait for this call.
  struct consuming_last {};
  using state = std::variant<idle, opening, consuming, consuming_last>;

  explicit customer(state beginning) : state_(std::move(beginning)) {
  }

  template <class Effects>
  void handle(to_deliver e, Effects& out) {
    std::visit([&](auto& x) { on(x, e, out); }, state_);
  }

  /// True if everything has been consumed now.
  template <class Effects>
  bool handle(customer_returned e, Effects& out) {
    return std::visit([&](auto& x) { return on(x, e, out); }, state_);
  }

  /// True if its exception says that there is no such method, and the call is the one that can know (S-END-5).
  bool handle(const customer_threw& e) const {
    return std::visit([&](const auto& x) { return on(x, e); }, state_);
  }

  /// How many deliveries wait.
  size_t waiting() const noexcept {
    if (const auto* x = std::get_if<consuming>(&state_))
      return x->waiting.size();
    const auto* x = std::get_if<opening>(&state_);
    return x != nullptr ? x->waiting.size() : 0;
  }

  std::string_view name() const noexcept {
    static constexpr std::string_view names[] = {"idle", "opening", "consuming", "consuming the last"};
    return names[state_.index()];
  }

private:
  // In each of these a change of state comes last: what the overload was given is gone then.

  template <class Effects>
  void on(idle, to_deliver e, Effects& out) {
    auto& call = *std::get_if<deliver>(&out.emplace_back(std::in_place_type<deliver>));
    call.content = std::move(e.content);
    call.last = e.last;
    call.receipt = std::move(e.receipt);
    if (e.last)
      state_.emplace<consuming_last>();
    else
      state_.emplace<consuming>();
  }

  template <one_of<opening, consuming> State, class Effects>
  static void on(State& x, to_deliver e, Effects&) {
    x.waiting.add({std::move(e.content), e.last, std::move(e.receipt)});
  }

  template <class Effects>
  static void on(consuming_last, to_deliver, Effects&) {
    assert(!"something was to be delivered after the end");
  }

  template <one_of<opening, consuming> State, class Effects>
  bool on(State& x, customer_returned, Effects& out) {
    if (x.waiting.empty()) {
      state_.emplace<idle>();
      return false;
    }
    auto next = x.waiting.take();
    const bool last = next.last;
    out.emplace_back(std::move(next));
    if (last)
      state_.emplace<consuming_last>();
    else if constexpr (std::same_as<State, opening>)
      state_ = consuming{std::move(x.waiting)};
    return false;
  }

  template <class Effects>
  bool on(consuming_last, customer_returned, Effects&) {
    state_.emplace<idle>();
    return true;
  }

  template <class Effects>
  static bool on(idle, customer_returned, Effects&) {
    assert(!"customer code returned that was not called");
    return false;
  }

  static bool on(const opening&, const customer_threw& e) {
    return e.what == customer_threw::kind::no_such_method;
  }

  template <one_of<consuming, consuming_last> State>
  static bool on(const State&, const customer_threw&) {
    return false;
  }

  static bool on(idle, const customer_threw&) {
    assert(!"customer code threw that was not called");
    return false;
  }

  state state_;
};

} // namespace tandem::core
