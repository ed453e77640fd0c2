#include "reachability.hpp"
#include "socket_address.hpp"

#include <cerrno>

#include <poll.h>
#include <unistd.h>

namespace tandem {

namespace {

/// A socket that waits for the answer; -1 if there is one already, or none will come.
int begin_to_connect(const addrinfo& to) {
  const int result = ::socket(to.ai_family, to.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, to.ai_protocol);
  if (result < 0)
    return -1;
  if (::connect(result, to.ai_addr, to.ai_addrlen) != 0 && errno == EINPROGRESS)
    return result;
  ::close(result);
  return -1;
}

bool is_waiting(int socket) {
  pollfd x{socket, POLLOUT, 0};
  return ::poll(&x, 1, 0) == 0;
}

} // namespace

/// CAF takes the first address, and if that is one of IPv6 and refuses, the first of IPv4.
reachability::reachability(const std::string& host, uint16_t port) {
  const auto found = resolve(host, port);
  for (const int family : {AF_INET, AF_INET6})
    for (const auto* x = found.get(); x != nullptr; x = x->ai_next)
      if (x->ai_family == family) {
        if (const int socket = begin_to_connect(*x); socket >= 0)
          waiting_.push_back(socket);
        break;
      }
}

reachability::~reachability() {
  for (const int socket : waiting_)
    ::close(socket);
}

bool reachability::answered() {
  std::erase_if(waiting_, [](int socket) {
    if (is_waiting(socket))
      return false;
    ::close(socket);
    return true;
  });
  return waiting_.empty();
}

} // namespace tandem
