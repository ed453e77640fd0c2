#include "raw_client.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <string>

namespace tandem_test {

raw_client::raw_client(uint16_t port, std::string_view bytes)
  : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const timeval patience{2, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || !send(bytes)) {
    ::close(socket_);
    throw std::runtime_error{"raw_client: cannot connect to port " + std::to_string(port)};
  }
}

raw_client::~raw_client() {
  ::close(socket_);
}

bool raw_client::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0)
      return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

bool raw_client::await_answer(std::chrono::milliseconds timeout) const {
  pollfd wanted{socket_, POLLIN, 0};
  if (::poll(&wanted, 1, static_cast<int>(timeout.count())) <= 0)
    return false;
  std::array<char, 16384> ignored{};
  [[maybe_unused]] const auto got = ::recv(socket_, ignored.data(), ignored.size(), 0);
  return true;
}

void raw_client::finish() const {
  ::shutdown(socket_, SHUT_WR);
}

void raw_client::reset_at_end() const {
  const linger now{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

} // namespace tandem_test
