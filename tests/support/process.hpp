/// Another process: real programs, real sockets.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace tandem_test {

/// Runs `arguments` (the program first) with its standard output as a pipe. Killed, if it still runs, and reaped when
/// this object goes; and it does not outlive the test.
class process {
public:
  explicit process(std::vector<std::string> arguments);
  ~process();

  process(const process&) = delete;
  process& operator=(const process&) = delete;

  /// The next line of its output; nothing at the end.
  std::optional<std::string> read_line();

  /// After SIGSTOP, returns when it has stopped.
  void send_signal(int number) const;

  pid_t id() const {
    return pid_;
  }

  /// How many bytes of memory it occupies, and how many sockets it has open.
  size_t memory() const;
  size_t sockets() const;

  /// A line for each of them, TCP ones as /proc/net/tcp has them: to see which is one too many.
  std::string describe_sockets() const;

  /// Waits for its end; the exit status, or minus the signal that ended it.
  int wait();

private:
  pid_t pid_ = -1;
  int output_ = -1;
  std::string buffer_;
};

/// The folder of the programs that the build made.
std::string program(const std::string& name);

} // namespace tandem_test
