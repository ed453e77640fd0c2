#include "addresses.hpp"

#include <asio/io_context.hpp>

#include <algorithm>
#include <cstring>

namespace tandem {

asio::ip::tcp::endpoint tcp_endpoint(const any_address& x) {
  asio::ip::tcp::endpoint result;
  std::memcpy(result.data(), x.data(), std::min(x.size(), result.capacity()));
  return result;
}

std::vector<any_address> look_up(const std::string& host, uint16_t port, asio::ip::resolver_base::flags flags,
                                 asio::error_code& e) {
  asio::io_context own;
  asio::ip::tcp::resolver resolver{own};
  std::vector<any_address> result;
  for (const auto& x :
       resolver.resolve(host, std::to_string(port), flags | asio::ip::resolver_base::numeric_service, e))
    result.emplace_back(x.endpoint());
  return result;
}

} // namespace tandem
