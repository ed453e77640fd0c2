/// Durations as people write them: 250ms, 2s, 1.5s, 1m, 1h.
#pragma once

#include "../../messages/ticket.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace tandem::cli {

/// For errors about a text that is not a duration.
inline constexpr std::string_view duration_wanted = "a duration such as 250ms, 2s, 1.5s, 1m or 1h";

/// Reads a decimal number followed by ms, s, m or h, exact to the nanosecond. Nothing if `text` is anything else,
/// negative, or more than a ticket can carry.
std::optional<duration> parse_duration(std::string_view text);

/// A text that parse_duration reads, in the largest unit that gives a short number: "250ms", "1.5s", "1h".
std::string write_duration(duration value);

/// For a duration that was measured: "0.8 ms", "12.3 ms", "1.234 s".
std::string write_elapsed(duration value);

} // namespace tandem::cli
