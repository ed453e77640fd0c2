/// HOST:PORT as people write it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::cli {

struct endpoint {
  std::string host;
  uint16_t port = 0;

  friend bool operator==(const endpoint&, const endpoint&) = default;
};

/// For errors about a text that is not a list of endpoints.
inline constexpr std::string_view endpoints_wanted = "HOST:PORT, such as 127.0.0.1:4242 or [::1]:4242, or several of "
                                                     "them with commas between them";

/// Nothing if `text` is anything else, or the port is not from 1 to 65535.
std::optional<endpoint> parse_endpoint(std::string_view text);

/// Several, with commas between them; nothing if one is not an endpoint, or stands there twice.
std::optional<std::vector<endpoint>> parse_endpoints(std::string_view text);

/// A text that parse_endpoint reads.
std::string write_endpoint(const endpoint& x);

/// A text that parse_endpoints reads.
std::string write_endpoints(const std::vector<endpoint>& x);

} // namespace tandem::cli
