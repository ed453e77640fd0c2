/// What the serviced wants from the back: results and outcome, the outcome, or nothing.
///
///     self->mail(commence{.name = "note", .subscription = subscription_kind::none}).send(front.handle());   // CAF 1.x
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tandem {

enum class subscription_kind : uint8_t {
  full = 1,             ///< the results and the outcome
  termination_only = 2, ///< the outcome, no results (S-SEND-6)
  none = 3,             ///< nothing: fire and forget (S-SEND-6)
};

/// "full", "termination only" or "none"; "invalid" for any other value.
std::string to_string(subscription_kind kind);

/// Reads the text of to_string; nothing if `text` is anything else.
std::optional<subscription_kind> parse_subscription_kind(std::string_view text) noexcept;

/// True for the three values above; a peer may send any other.
constexpr bool valid(subscription_kind kind) noexcept {
  return kind >= subscription_kind::full && kind <= subscription_kind::none;
}

} // namespace tandem
