#include "unread_limit.hpp"
#include "../../compat/system.hpp"
#include "socket_address.hpp"

#include <caf/timespan.hpp>

#include <charconv>
#include <chrono>
#include <filesystem>
#include <string>
#include <system_error>

#include <netinet/tcp.h>

namespace tandem {

namespace {

constexpr auto margin = std::chrono::seconds(1);

/// Of getsockname or getpeername; 0 if there is none.
template <class Name>
uint16_t port_by(int socket, Name name) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  return name(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0 ? tandem::port_of(address) : 0;
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
  limit_unread(system, [port](int socket) { return port_by(socket, ::getpeername) == port; });
}

void limit_unread_from(const caf::actor_system& system, uint16_t port) {
  // A connection has the options of the socket that accepts it.
  limit_unread(system, [port](int socket) { return port_by(socket, ::getsockname) == port && listens(socket); });
}

} // namespace tandem
