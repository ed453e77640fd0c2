/// Addresses of sockets, whatever their family. Internal to nodes/.
#pragma once

#include <asio/error_code.hpp>
#include <asio/generic/stream_protocol.hpp>
#include <asio/ip/resolver_base.hpp>
#include <asio/ip/tcp.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace tandem {

using any_address = asio::generic::stream_protocol::endpoint;

/// An address of TCP as such; it has to be one.
asio::ip::tcp::endpoint tcp_endpoint(const any_address& x);

/// The addresses of a host's port. Empty, with the reason in `e`, if there are none. May block.
std::vector<any_address> look_up(const std::string& host, uint16_t port, asio::ip::resolver_base::flags flags,
                                 asio::error_code& e);

} // namespace tandem
