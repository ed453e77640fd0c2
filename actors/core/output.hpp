/// The payloads that customer code of one side sends, up to the end (S-SEND-3, S-SEND-4, S-SEND-6).
///
///   open ──the end is given──▶ closing ──the link took the last ticket──▶ closed
///     └──the end is given, and the other side is not to hear of it────────▶ closed
///
/// How to use it: handle() each payload and end that customer code gives, and send as the answer says; handle()
/// last_ticket_taken when the link took the last ticket.
#pragma once

#include "events.hpp"
#include "one_of.hpp"
#include "sides.hpp"

#include <cassert>
#include <cstdint>
#include <string_view>
#include <variant>

namespace tandem::core {

/// What to send for a payload or an end that customer code gave.
enum class sending : uint8_t {
  nothing,         ///< the other side does not want it, or the end was given twice
  continuation,    ///< with the payload
  completion,      ///< with the payload, if one was given
  bare_completion, ///< without it
  too_late,        ///< S-SEND-4: a payload after the end
};

class output {
public:
  /// Customer code may send.
  struct open {
    share wanted;
  };
  /// The last ticket is issued; the link does not have it yet.
  struct closing {};
  /// The link has the last ticket, or none is owed to it.
  struct closed {};
  using state = std::variant<open, closing, closed>;

  explicit output(state beginning) : state_(beginning) {
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

  sending handle(const payload_given& e) {
    return std::visit([&](auto x) { return on(x, e); }, state_);
  }

  void handle(last_ticket_taken e) {
    std::visit([&](auto x) { on(x, e); }, state_);
  }

private:
  sending on(open x, const payload_given& e) {
    if (!e.last)
      return x.wanted == share::everything ? sending::continuation : sending::nothing;
    if (x.wanted == share::nothing) {
      state_ = closed{}; // S-END-1: nothing is owed to the link
      return sending::nothing;
    }
    state_ = closing{};
    return x.wanted == share::everything ? sending::completion : sending::bare_completion;
  }

  /// S-SEND-4: a second terminate() is harmless, a payload is not.
  template <one_of<closing, closed> State>
  static sending on(State, const payload_given& e) {
    return e.content ? sending::too_late : sending::nothing;
  }

  void on(closing, last_ticket_taken) {
    state_ = closed{};
  }

  template <one_of<open, closed> State>
  static void on(State, last_ticket_taken) {
    assert(!"the link took a last ticket that it does not have to take");
  }

  state state_;
};

} // namespace tandem::core
