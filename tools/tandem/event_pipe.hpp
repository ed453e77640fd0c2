/// Events that a thread can wait for together with input: a pipe, one byte for an event. Signal handlers write to it
/// too.
#pragma once

#include <chrono>
#include <optional>

namespace tandem::cli {

class event_pipe {
public:
  /// Throws std::system_error if the process has no file descriptors left.
  event_pipe();
  ~event_pipe();

  event_pipe(const event_pipe&) = delete;
  event_pipe& operator=(const event_pipe&) = delete;

  /// Any thread; in signal handlers too. An event is lost if thousands wait already.
  void send(char event) noexcept;

  /// The next event; nothing after `timeout`. Without a timeout it waits for ever.
  std::optional<char> wait(std::optional<std::chrono::milliseconds> timeout = std::nullopt);

  /// Readable when there is an event; for poll().
  int descriptor() const noexcept {
    return ends_[0];
  }

private:
  int ends_[2];
};

/// While it lives, SIGINT and SIGTERM become events of a pipe. One at a time in a process.
class interruptions {
public:
  static constexpr char event = 'i';

  /// `pipe` must outlive it.
  explicit interruptions(event_pipe& pipe);
  ~interruptions();

  interruptions(const interruptions&) = delete;
  interruptions& operator=(const interruptions&) = delete;
};

} // namespace tandem::cli
