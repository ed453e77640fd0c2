#include <tandem/actors/compat/system.hpp>
#include <tandem/actors/nodes/unread_limit.hpp>

#include <caf/timespan.hpp>

#include <charconv>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace tandem {

namespace {

constexpr auto margin = std::chrono::seconds(1);

/// Of getsockname or getpeername.
template <class Name>
std::optional<uint16_t> port_of(int socket, Name name) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (name(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    return std::nullopt;
  if (address.ss_family == AF_INET)
    return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
  if (address.ss_family == AF_INET6)
    return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
  return std::nullopt;
}

bool listens(int socket) {
  int result = 0;
  socklen_t size = sizeof result;
  return ::getsockopt(socket, SOL_SOCKET, SO_ACCEPTCONN, &result, &size) == 0 && result != 0;
}

/// CAF does not tell which sockets are its own. Where the system does not list them, there is no limit.
template <class Which>
void limit_unread(const caf::actor_system& system, Which which) {
  const auto patience = compat::get_option(system.config(), "middleman.connection-timeout", caf::timespan{});
  if (patience <= caf::timespan::zero())
    return;
  const auto limit = static_cast<unsigned>((patience + margin) / std::chrono::milliseconds(1));
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator{"/proc/self/fd", none}) {
    const auto name = entry.path().filename().string();
    int socket = -1;
    std::from_chars(name.data(), name.data() + name.size(), socket);
    if (socket >= 0 && which(socket))
      ::setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &limit, sizeof limit);
  }
}

} // namespace

void limit_unread_to(const caf::actor_system& system, uint16_t port) {
  limit_unread(system, [port](int socket) { return port_of(socket, ::getpeername) == port; });
}

void limit_unread_from(const caf::actor_system& system, uint16_t port) {
  // What a socket accepts has its options.
  limit_unread(system, [port](int socket) { return port_of(socket, ::getsockname) == port && listens(socket); });
}

} // namespace tandem
