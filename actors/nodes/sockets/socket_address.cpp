#include "socket_address.hpp"

#include <netinet/in.h>

namespace tandem {

address_list resolve(const std::string& host, uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0)
    found = nullptr;
  return {found, freeaddrinfo};
}

uint16_t port_of(const sockaddr_storage& x) {
  if (x.ss_family == AF_INET)
    return ntohs(reinterpret_cast<const sockaddr_in&>(x).sin_port);
  if (x.ss_family == AF_INET6)
    return ntohs(reinterpret_cast<const sockaddr_in6&>(x).sin6_port);
  return 0;
}

} // namespace tandem
