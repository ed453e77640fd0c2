/// Sockets on this machine, for tests that say what they want over them.
#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace tandem_test {

/// A port of this machine.
sockaddr_in loopback_at(uint16_t port);

/// Sends all of it. False if the other side has closed, or takes nothing for as long as the socket waits.
bool send_all(int socket, std::string_view bytes);

/// A socket that is connected, with waiting for what comes. -1: none.
class raw_socket {
public:
  explicit raw_socket(int descriptor = -1) : descriptor_(descriptor) {
  }
  raw_socket(raw_socket&& x) noexcept : descriptor_(std::exchange(x.descriptor_, -1)) {
  }
  raw_socket& operator=(raw_socket&& x) noexcept;
  ~raw_socket();

  /// To a port of this machine. Throws if nothing listens there.
  static raw_socket connected_to(uint16_t port);

  /// False if the other side has closed.
  bool write(std::string_view bytes) const;
  /// What comes next; empty if the other side has closed.
  std::string read() const;
  /// So many bytes; fewer if the other side closes before.
  std::string read_exactly(size_t size) const;
  /// Whoever reads finds that it is closed.
  void shut() const;

  int descriptor() const {
    return descriptor_;
  }

private:
  int descriptor_;
};

/// Listens at a port of this machine.
class raw_listener {
public:
  /// Throws if it cannot.
  raw_listener();

  int descriptor() const {
    return socket_.descriptor();
  }

  uint16_t port() const {
    return port_;
  }
  /// The next that connects.
  raw_socket accept() const;

private:
  raw_socket socket_;
  uint16_t port_ = 0;
};

} // namespace tandem_test
