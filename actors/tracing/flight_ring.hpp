/// The flight recorder of a shard: its last records, in a ring that costs a few nanoseconds each; it is on unless its
/// size is 0. It has no payloads, and its times are only as exact as the shard's rounds. Internal to the ends.
#pragma once

#include "../../messages/json/text.hpp"
#include "captured.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tandem {

/// Used by its shard only.
class flight_ring {
public:
  /// Keeps the last `size` records, rounded up to a power of two; none if that is 0.
  flight_ring(trace_side side, size_t size);

  bool is_on() const noexcept {
    return !records_.empty();
  }

  /// `operation` began, with this name.
  void begun(int64_t now, const operation_id& operation, const std::string& name, subscription_kind subscription,
             const std::optional<trace_id>& trace, std::optional<duration> timeout) {
    if (!is_on())
      return;
    auto& x = next(trace_event::begun, now, operation);
    x.name = number_of(name);
    x.subscription = static_cast<uint8_t>(subscription);
    x.timeout = timeout.value_or(no_timeout).count();
    if (trace)
      x.more = std::make_unique<rest>(rest{trace, {}});
  }

  template <class Ticket>
  void ticket(trace_event event, int64_t now, const Ticket& ticket) {
    if (!is_on())
      return;
    auto& x = next(event, now, ticket.operation);
    x.kind = static_cast<uint8_t>(ticket.kind);
    x.number = ticket.sequence_number.value;
    x.payload = no_payload;
    if (ticket.payload) {
      const auto* text = payload_as<std::string>(*ticket.payload);
      x.payload = text ? static_cast<uint32_t>(std::min<size_t>(text->size(), no_payload - 1)) : 0;
    }
    if constexpr (requires { ticket.timeout; })
      x.timeout = ticket.timeout.value_or(no_timeout).count();
    else
      x.timeout = no_timeout.count();
    x.window = static_cast<uint32_t>(std::min<uint64_t>(ticket.allowed.value_or(no_window), no_window));
    if (ticket.kind == ticket_kind::allowance) // it has no timeout
      x.timeout = static_cast<int64_t>(ticket.allowed.value_or(0));
    if constexpr (requires { ticket.name; })
      if (is_first(ticket.kind)) {
        x.name = number_of(ticket.name ? *ticket.name : std::string{});
        x.subscription = static_cast<uint8_t>(ticket.subscription.value_or(subscription_kind::none));
        if (ticket.trace_id)
          x.more = std::make_unique<rest>(rest{ticket.trace_id, {}});
      }
    if (!ticket.details.empty())
      x.more = std::make_unique<rest>(rest{{}, shortened(ticket.details)});
  }

  void ended(int64_t now, const operation_id& operation, outcome value, const std::string& details) {
    if (!is_on())
      return;
    auto& x = next(trace_event::ended, now, operation);
    x.kind = static_cast<uint8_t>(value);
    if (!details.empty())
      x.more = std::make_unique<rest>(rest{{}, shortened(details)});
  }

  void annotation(int64_t now, const operation_id& operation, const std::string& text) {
    if (is_on())
      next(trace_event::annotation, now, operation).more = std::make_unique<rest>(rest{{}, shortened(text)});
  }

  /// Its records, oldest first; only those of one operation if `only` is given.
  std::vector<captured> records(const operation_id* only = nullptr) const;

private:
  static constexpr duration no_timeout{-1};
  static constexpr uint32_t no_payload = UINT32_MAX;

  /// The most bytes of a text that one record keeps.
  static constexpr size_t longest_text = 1024;
  static std::string shortened(const std::string& text) {
    return std::string{beginning_of(text, longest_text)};
  }

  struct rest {
    std::optional<tandem::trace_id> trace_id;
    std::string text; ///< details, or an annotation
  };

  /// One cache line.
  struct record {
    int64_t now = 0;
    operation_id operation;
    uint64_t number = 0;
    int64_t timeout = 0; ///< of an allowance: how many it allows
    uint32_t payload = 0;
    uint16_t name = 0;
    trace_event event = trace_event::sent;
    uint8_t kind = 0; ///< of a ticket; at an end, the outcome
    uint8_t subscription = 0;
    uint32_t window = no_window; ///< of a first ticket: how many it allows
    std::unique_ptr<rest> more;
  };
  static_assert(sizeof(record) <= 64);

  record& next(trace_event event, int64_t now, const operation_id& operation) {
    auto& x = records_[used_++ & mask_];
    x.now = now;
    x.operation = operation;
    x.event = event;
    if (x.more)
      x.more.reset();
    return x;
  }

  uint16_t number_of(const std::string& name) {
    return name == names_[last_name_] ? last_name_ : find_name(name);
  }
  uint16_t find_name(const std::string& name);
  captured to_captured(const record& x) const;

  trace_side side_;
  std::vector<record> records_;
  uint64_t mask_;
  uint64_t used_ = 0; ///< how many records there ever were
  std::vector<std::string> names_;
  std::unordered_map<std::string, uint16_t> numbers_;
  uint16_t last_name_ = 0;
};

} // namespace tandem
