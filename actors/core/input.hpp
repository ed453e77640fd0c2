/// The other side's tickets, up to its completion and until customer code has consumed them (S-RECV-4, S-RECV-7).
///
///   open ──the completion's turn came──▶ closing ──everything was consumed──▶ closed
///     └──the completion's turn came, and no payload is wanted───────────────▶ closed
///
/// How to use it: handle() each ticket when its turn has come (reception.hpp), and act on the answer; handle()
/// all_consumed when customer code has consumed everything.
#pragma once

#include "one_of.hpp"
#include "sides.hpp"

#include <cassert>
#include <cstdint>
#include <string_view>
#include <variant>

namespace tandem::core {

/// A well-formed ticket's turn came.
struct turn_came {
  bool has_payload;
  bool last;
};

/// The call of customer code that delivered the end of the input returned.
struct all_consumed {};

/// What is to be done with a ticket whose turn came.
enum class taking : uint8_t {
  nothing,  ///< it has nothing for customer code
  delivery, ///< of its payload, or of the end, or of both
  too_late, ///< S-RECV-4: it comes after the completion
};

class input {
public:
  /// More is to come.
  struct open {
    share wanted;
  };
  /// The completion's turn has come; customer code has not consumed everything.
  struct closing {};
  /// Everything is consumed, or nothing is wanted (S-SEND-6).
  struct closed {};
  using state = std::variant<open, closing, closed>;

  explicit input(state beginning) : state_(beginning) {
  }

  bool is_open() const noexcept {
    return std::holds_alternative<open>(state_);
  }
  bool is_closed() const noexcept {
    return std::holds_alternative<closed>(state_);
  }
  std::string_view name() const noexcept {
    return is_open() ? "open" : is_closed() ? "closed" : "closing";
  }

  taking handle(turn_came e) {
    return std::visit([&](auto x) { return on(x, e); }, state_);
  }

  void handle(all_consumed e) {
    std::visit([&](auto x) { on(x, e); }, state_);
  }

private:
  taking on(open x, turn_came e) {
    const bool delivers = x.wanted == share::everything;
    if (e.last && delivers)
      state_ = closing{};
    else if (e.last)
      state_ = closed{};
    return delivers && (e.has_payload || e.last) ? taking::delivery : taking::nothing;
  }

  template <one_of<closing, closed> State>
  static taking on(State, turn_came) {
    return taking::too_late;
  }

  void on(closing, all_consumed) {
    state_ = closed{};
  }

  template <one_of<open, closed> State>
  static void on(State, all_consumed) {
    assert(!"customer code consumed an end that was not delivered to it");
  }

  state state_;
};

} // namespace tandem::core
