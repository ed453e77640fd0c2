/// A trace id ties related operations together across nodes (S-TICKET-6). It is a UUID: its 128 bits can be a trace id
/// of OpenTelemetry and of W3C trace contexts too.
///
///     auto op = front.operate({.name = "list", .trace_id = trace_id::make()});
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tandem {

struct trace_id {
  std::array<uint8_t, 16> bytes{};

  /// A new random one (UUID version 4).
  static trace_id make();

  friend auto operator<=>(const trace_id&, const trace_id&) = default;
};

/// "8-4-4-4-12" hexadecimal digits, lower case.
std::string to_string(const trace_id& id);

/// Reads a UUID in its text form; nothing if `text` is anything else.
std::optional<trace_id> parse_trace_id(std::string_view text);

} // namespace tandem
