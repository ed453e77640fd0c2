#include "network_probe.hpp"

#include "../cli/duration_text.hpp"
#include "../cli/exit_status.hpp"

#include <cerrno>
#include <cstring>
#include <memory>

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace tandem::cli {

namespace {

using time_point = std::chrono::steady_clock::time_point;
using addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

/// A socket that closes itself.
struct socket_handle {
  explicit socket_handle(const addrinfo& x)
    : descriptor(socket(x.ai_family, x.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, x.ai_protocol)) {
  }
  ~socket_handle() {
    if (descriptor >= 0)
      close(descriptor);
  }
  socket_handle(const socket_handle&) = delete;
  socket_handle& operator=(const socket_handle&) = delete;

  int descriptor;
};

/// Sets `error` if the host has no address.
addresses resolve(const std::string& host, uint16_t port, int flags, std::string& error) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (const int code = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found); code != 0)
    error = gai_strerror(code);
  return {found, freeaddrinfo};
}

/// 0, or the error of connecting to one address.
int try_connect(const addrinfo& target, time_point until) {
  const socket_handle handle{target};
  if (handle.descriptor < 0)
    return errno;
  if (connect(handle.descriptor, target.ai_addr, target.ai_addrlen) == 0)
    return 0;
  if (errno != EINPROGRESS)
    return errno;
  pollfd waiting{handle.descriptor, POLLOUT, 0};
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
    if (left <= 0)
      return ETIMEDOUT;
    if (poll(&waiting, 1, static_cast<int>(std::min<int64_t>(left, 60'000))) > 0)
      break;
  }
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(handle.descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

} // namespace

void require_listener(const endpoint& target, duration timeout) {
  const auto until = std::chrono::steady_clock::now() + timeout;
  auto fail = [&](const std::string& why) { throw user_error{"cannot connect to " + to_string(target) + ": " + why}; };
  std::string error;
  const auto found = resolve(target.host, target.port, 0, error);
  if (!error.empty())
    fail(error);
  int code = 0;
  for (const auto* x = found.get(); x != nullptr; x = x->ai_next)
    if (code = try_connect(*x, until); code == 0)
      return;
  if (code == ECONNREFUSED)
    fail("nothing listens there (`tandem serve` does, once it has said so)");
  if (code == ETIMEDOUT)
    fail("no answer within " + write_duration(timeout));
  fail(std::strerror(code));
}

std::string why_not_listen(const std::string& address, uint16_t port) {
  std::string error;
  const auto found = resolve(address, port, AI_PASSIVE, error);
  if (!error.empty())
    return error;
  const socket_handle handle{*found};
  const int on = 1;
  setsockopt(handle.descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(handle.descriptor, found->ai_addr, found->ai_addrlen) == 0)
    return {};
  if (errno == EADDRINUSE)
    return "the port is in use (0 takes any free one)";
  if (errno == EADDRNOTAVAIL)
    return "this machine has no such address";
  if (errno == EACCES)
    return "not permitted (ports below 1024 need privileges)";
  return std::strerror(errno);
}

} // namespace tandem::cli
