#include "raw_client.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <stdexcept>
#include <string>

namespace tandem_test {

raw_client::raw_client(uint16_t port, std::string_view bytes) : socket_(raw_socket::connected_to(port)) {
  const timeval patience{2, 0};
  ::setsockopt(socket_.descriptor(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (!send(bytes))
    throw std::runtime_error{"raw_client: cannot send to port " + std::to_string(port)};
}

bool raw_client::send(std::string_view bytes) const {
  return socket_.write(bytes);
}

bool raw_client::await_answer(std::chrono::milliseconds timeout) const {
  pollfd wanted{socket_.descriptor(), POLLIN, 0};
  if (::poll(&wanted, 1, static_cast<int>(timeout.count())) <= 0)
    return false;
  std::array<char, 16384> ignored{};
  [[maybe_unused]] const auto got = ::recv(socket_.descriptor(), ignored.data(), ignored.size(), 0);
  return true;
}

void raw_client::finish() const {
  ::shutdown(socket_.descriptor(), SHUT_WR);
}

void raw_client::reset_at_end() const {
  const linger now{1, 0};
  ::setsockopt(socket_.descriptor(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

} // namespace tandem_test
