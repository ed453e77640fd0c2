/// HOST:PORT as people write it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tandem::cli {

struct endpoint {
  std::string host;
  uint16_t port = 0;
};

/// What is said about a text that is no endpoint.
inline constexpr std::string_view endpoint_wanted = "HOST:PORT, such as 127.0.0.1:4242 or [::1]:4242";

/// Nothing if `text` is anything else, or the port is not from 1 to 65535.
std::optional<endpoint> parse_endpoint(std::string_view text);

/// What parse_endpoint reads.
std::string write_endpoint(const endpoint& x);

} // namespace tandem::cli
