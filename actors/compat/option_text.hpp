/// What can be seen only in the text of a configuration file: CAF's arithmetic of durations goes round, so a value that
/// it has read does not tell.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tandem::compat {

/// The nanoseconds of a duration such as "1min", if it is one.
std::optional<long double> duration_in(std::string_view text);

/// A duration that 64 bits of nanoseconds cannot hold, and its option, as far as the text tells.
struct long_duration {
  std::string name;
  std::string value;
};

/// The first one in a text of CAF's format (configuration_format); those in texts and comments are none.
std::optional<long_duration> find_long_duration(std::string_view configuration);

/// The name of the first "{" that is never closed; nothing if all are. CAF 0.17 drops what stands in it without a word.
std::optional<std::string> find_open_object(std::string_view configuration);

/// True if it is one.
bool is_too_long(std::string_view value);

} // namespace tandem::compat
