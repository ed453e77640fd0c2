/// HOST:PORT, or unix:PATH, as people write it.
#pragma once

#include "../../actors/nodes/endpoint.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::cli {

/// For errors about a text that is not an endpoint of CAF's.
inline constexpr std::string_view endpoint_wanted = "HOST:PORT, such as 127.0.0.1:4242 or [::1]:4242";

/// For errors about a text that is not a list of endpoints.
inline constexpr std::string_view endpoints_wanted = "HOST:PORT, such as 127.0.0.1:4242 or [::1]:4242, or "
                                                     "unix:PATH, or several different ones with commas "
                                                     "between them";

/// Nothing if `text` is anything else, the port is not from 1 to 65535, or the path is empty.
std::optional<endpoint> parse_endpoint(std::string_view text);

/// Several, with commas between them; nothing if one is not an endpoint, or stands there twice.
std::optional<std::vector<endpoint>> parse_endpoints(std::string_view text);

/// A text that parse_endpoints reads.
std::string write_endpoints(const std::vector<endpoint>& x);

} // namespace tandem::cli
