/// What one side may send of an operation, and what it lets the other send, as a trace shows it (S-FLOW): a checker's
/// own account, in numbers only. It knows nothing until the first ticket, and again when records are missing.
#pragma once

#include "check_rules.hpp"

#include "../../../messages/trace/trace_entry.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace tandem::cli {

class checked_flow {
public:
  /// The operation begins with this ticket, which the front sends.
  void begin(const trace_entry& first, bool is_front) noexcept {
    const auto from_front = first.allowed ? allowed_at_first : unlimited; // until the back has spoken
    const auto from_back = first.allowed.value_or(unlimited);
    *this = {};
    to_send_.allowed = is_front ? from_front : from_back;
    to_receive_.allowed = is_front ? from_back : from_front;
    (is_front ? to_send_ : to_receive_).payloads = first.payload.has_value();
  }

  /// Nothing is known any more.
  void forget() noexcept {
    *this = {};
  }

  /// It sends this ticket, which is not the first.
  template <class Report>
  void sent(const trace_entry& x, bool input_done, const Report& report) {
    if (x.kind == ticket_kind::allowance && x.allowed) {
      if (to_receive_.allowed && *x.allowed <= *to_receive_.allowed)
        report(rule::s_flow_3, "sent an allowance of " + std::to_string(*x.allowed) + ", which adds nothing to "
                                 + std::to_string(*to_receive_.allowed));
      if (input_done)
        report(rule::s_flow_3, "sent an allowance after the completion of the other side had come");
      if (to_receive_.allowed)
        to_receive_.allowed = *x.allowed;
    }
    if (x.payload && to_send_.exceeded_by_one())
      report(rule::s_flow_1, "sent a payload beyond the " + std::to_string(*to_send_.allowed) + " that were allowed");
  }

  /// The turn of a received ticket has come, which is not the first. Why it is a breach; nothing if it is none.
  std::optional<std::pair<rule, std::string>> received(bool has_payload, std::optional<uint64_t> allowed) {
    if (allowed && to_send_.allowed) {
      const auto before = *to_send_.allowed;
      if (*allowed <= before)
        return std::pair{rule::s_flow_4,
                         "an allowance of " + std::to_string(*allowed) + ", after one of " + std::to_string(before)};
      to_send_.allowed = *allowed;
    }
    if (has_payload && to_receive_.exceeded_by_one())
      return std::pair{rule::s_flow_5,
                       "a payload beyond the " + std::to_string(*to_receive_.allowed) + " that were allowed"};
    return std::nullopt;
  }

private:
  struct direction {
    std::optional<uint64_t> allowed; ///< not there: not known
    uint64_t payloads = 0;

    /// Counts one more.
    bool exceeded_by_one() noexcept {
      return ++payloads > allowed.value_or(unlimited);
    }
  };

  direction to_send_;
  direction to_receive_;
};

} // namespace tandem::cli
