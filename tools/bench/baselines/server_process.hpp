/// The other process of a benchmark between processes, seen from both of its ends.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace tandem::bench {

/// A server program that runs as long as this object: it is started with its stdin and stdout as pipes, prints its
/// port as its first line (0 if it listens at a path), and exits when its stdin ends.
class server_process {
public:
  /// Returns when the server has told its port. Throws if it does not. The server gets `argument`, if it is not empty.
  explicit server_process(const std::string& program, const std::string& argument = {});

  /// Ends the server, by force if it does not leave by itself, and reaps it.
  ~server_process();

  server_process(const server_process&) = delete;
  server_process& operator=(const server_process&) = delete;

  uint16_t port() const noexcept {
    return port_;
  }

private:
  void stop() noexcept;

  pid_t pid_ = -1;
  int stdin_of_server_ = -1;
  uint16_t port_ = 0;
};

/// The server's part: prints the port and returns when stdin has ended.
void announce_and_wait(uint16_t port);

} // namespace tandem::bench
