#include "endpoint.hpp"

#include <asio/ip/address.hpp>
#include <sys/un.h>

#include <stdexcept>

namespace tandem {

bool endpoint::is_on_this_machine() const {
  if (is_local() || host == "localhost")
    return true;
  asio::error_code e;
  const auto address = asio::ip::make_address(host, e);
  return !e && address.is_loopback();
}

std::string to_string(const endpoint& x) {
  if (x.is_local())
    return x.host;
  const bool is_v6 = x.host.find(':') != std::string::npos;
  return (is_v6 ? "[" + x.host + "]" : x.host) + ":" + std::to_string(x.port);
}

void check_path(const endpoint& x, const std::string& who) {
  constexpr size_t most = sizeof(sockaddr_un::sun_path) - 1;
  if (x.path().empty())
    throw std::invalid_argument{who + ": \"unix:\" needs a path, such as unix:/run/back.sock"};
  if (x.path().size() > most)
    throw std::invalid_argument{who + ": the path of a socket has at most " + std::to_string(most) + " bytes, this one "
                                + std::to_string(x.path().size())};
}

} // namespace tandem
