/// Where a back is published: a host and a port, or a socket in the file system. Internal to nodes/.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tandem {

/// What an address begins with that is a path.
inline constexpr std::string_view unix_prefix = "unix:";

struct endpoint {
  std::string host; ///< a name, an address, or "unix:PATH"
  uint16_t port = 0;

  bool is_local() const {
    return std::string_view{host}.starts_with(unix_prefix);
  }

  /// Of a local one.
  std::string path() const {
    return host.substr(unix_prefix.size());
  }

  friend bool operator==(const endpoint&, const endpoint&) = default;

  /// Whether no other machine can reach it: a path, 127.0.0.0/8, ::1 or localhost.
  bool is_on_this_machine() const;
};

/// "back.example:4242", "[::1]:4242", "unix:/run/back.sock".
std::string to_string(const endpoint& x);

/// Throws std::invalid_argument, beginning with `who`, if the path is empty or too long for a socket.
void check_path(const endpoint& x, const std::string& who);

} // namespace tandem
