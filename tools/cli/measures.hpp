/// Numbers and times as commands print and read them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tandem::cli {

/// "12.35".
std::string decimal(double value, int decimals);

/// Nanoseconds in milliseconds or microseconds, three and one decimals: "1234.567", "12.3".
std::string milliseconds(int64_t nanoseconds);
std::string microseconds(int64_t nanoseconds);

/// "0 bytes", "812 bytes", "1.5 KiB", "3.2 GiB".
std::string write_size(double bytes);

/// "50ms" in nanoseconds; "1.5KiB", "7"; nothing for a text that is something else.
std::optional<int64_t> parse_time_value(std::string_view text);
std::optional<int64_t> parse_count_value(std::string_view text);

/// Nanoseconds since 1970 as "2023-11-14T22:13:20.000123456Z".
std::string iso_time(int64_t wall_ns);

/// Reads "2023-11-14T22:13:20", with up to nine decimals, and Z, +01:00 or nothing, which means UTC, at the end.
std::optional<int64_t> parse_iso_time(std::string_view text);

} // namespace tandem::cli
