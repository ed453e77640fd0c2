/// Addresses as the operating system has them. Internal to nodes/.
#pragma once

#include <netdb.h>
#include <sys/socket.h>

#include <cstdint>
#include <memory>
#include <string>

namespace tandem {

using address_list = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

/// The addresses of a TCP port; null if `host` has none. Looking up a name may block.
address_list resolve(const std::string& host, uint16_t port);

/// 0 if it is not an address of IPv4 or IPv6.
uint16_t port_of(const sockaddr_storage& x);

} // namespace tandem
