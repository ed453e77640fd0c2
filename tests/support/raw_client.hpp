/// A connection to a port of this machine that sends any bytes, or none.
#pragma once

#include "raw_socket.hpp"

#include <chrono>
#include <cstdint>
#include <string_view>

namespace tandem_test {

class raw_client {
public:
  /// Throws std::runtime_error if no program listens there.
  explicit raw_client(uint16_t port, std::string_view bytes = {});

  /// False if the other side does not take all of it: it has closed, or reads nothing for two seconds.
  bool send(std::string_view bytes) const;

  /// Waits until the other side sends something or closes; reads the bytes and forgets them. False if it does neither
  /// in time.
  bool await_answer(std::chrono::milliseconds timeout) const;

  /// Sends no more, but still receives.
  void finish() const;

  /// When it goes, the other side gets a reset instead of an orderly end.
  void reset_at_end() const;

private:
  raw_socket socket_;
};

} // namespace tandem_test
