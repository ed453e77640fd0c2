#include "raw_socket.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace tandem_test {

sockaddr_in loopback_at(uint16_t port) {
  sockaddr_in result{};
  result.sin_family = AF_INET;
  result.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  result.sin_port = htons(port);
  return result;
}

bool send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0)
      return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

raw_socket& raw_socket::operator=(raw_socket&& x) noexcept {
  std::swap(descriptor_, x.descriptor_);
  return *this;
}

raw_socket::~raw_socket() {
  if (descriptor_ >= 0)
    ::close(descriptor_);
}

raw_socket raw_socket::connected_to(uint16_t port) {
  raw_socket result{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  const auto where = loopback_at(port);
  if (::connect(result.descriptor_, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0)
    throw std::runtime_error{"raw_socket: cannot connect"};
  const int on = 1;
  ::setsockopt(result.descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return result;
}

bool raw_socket::write(std::string_view bytes) const {
  return send_all(descriptor_, bytes);
}

std::string raw_socket::read() const {
  std::string result(size_t{64} << 10, '\0');
  const auto size = ::recv(descriptor_, result.data(), result.size(), 0);
  result.resize(size > 0 ? static_cast<size_t>(size) : 0);
  return result;
}

std::string raw_socket::read_exactly(size_t size) const {
  std::string result(size, '\0');
  const auto came = size == 0 ? 0 : ::recv(descriptor_, result.data(), size, MSG_WAITALL);
  result.resize(came > 0 ? static_cast<size_t>(came) : 0);
  return result;
}

void raw_socket::shut() const {
  ::shutdown(descriptor_, SHUT_RDWR);
}

raw_listener::raw_listener() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  auto where = loopback_at(0);
  socklen_t size = sizeof where;
  if (::bind(socket_.descriptor(), reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0
      || ::listen(socket_.descriptor(), 16) != 0
      || ::getsockname(socket_.descriptor(), reinterpret_cast<sockaddr*>(&where), &size) != 0)
    throw std::runtime_error{"raw_listener: cannot listen"};
  port_ = ntohs(where.sin_port);
}

raw_socket raw_listener::accept() const {
  return raw_socket{::accept(socket_.descriptor(), nullptr, nullptr)};
}

} // namespace tandem_test
