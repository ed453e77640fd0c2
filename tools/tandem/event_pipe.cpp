#include "event_pipe.hpp"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace tandem::cli {

namespace {

/// Where the signal handler writes to.
std::atomic<event_pipe*> interrupted{nullptr};

extern "C" void on_interruption(int) {
  const int error = errno; // the interrupted code may be about to look at it
  if (auto* pipe = interrupted.load())
    pipe->send(interruptions::event);
  errno = error;
}

void handle_with(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

} // namespace

event_pipe::event_pipe() {
  if (pipe(ends_) != 0)
    throw std::system_error(errno, std::generic_category(), "cannot make a pipe");
  for (int end : ends_) {
    fcntl(end, F_SETFD, FD_CLOEXEC);
    fcntl(end, F_SETFL, O_NONBLOCK);
  }
}

event_pipe::~event_pipe() {
  close(ends_[0]);
  close(ends_[1]);
}

void event_pipe::send(char event) noexcept {
  [[maybe_unused]] auto written = write(ends_[1], &event, 1);
}

std::optional<char> event_pipe::wait(std::optional<std::chrono::milliseconds> timeout) {
  pollfd waiting{ends_[0], POLLIN, 0};
  for (;;) {
    char event = 0;
    if (read(ends_[0], &event, 1) == 1)
      return event;
    const int ready = poll(&waiting, 1, timeout ? static_cast<int>(timeout->count()) : -1);
    if (ready == 0)
      return std::nullopt;
  }
}

interruptions::interruptions(event_pipe& pipe) {
  interrupted = &pipe;
  handle_with(on_interruption);
}

interruptions::~interruptions() {
  handle_with(SIG_DFL);
  interrupted = nullptr;
}

} // namespace tandem::cli
