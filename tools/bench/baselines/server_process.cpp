#include "server_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <optional>
#include <stdexcept>
#include <thread>

namespace tandem::bench {

namespace {

struct pipe_ends {
  int read_end;
  int write_end;
};

pipe_ends make_pipe() {
  int fds[2];
  // Close-on-exec, or the server would hold the writing end of its own stdin and never see it end.
  if (pipe2(fds, O_CLOEXEC) != 0)
    throw std::runtime_error("cannot make a pipe");
  return {fds[0], fds[1]};
}

/// Runs in the forked child of a process with threads: nothing here may allocate or lock.
[[noreturn]] void become_server(char* const* arguments, pid_t parent, int in, int out) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // The parent may have died before it could be tied to us.
  if (getppid() != parent)
    _exit(126);
  dup2(in, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  execv(arguments[0], arguments);
  _exit(127);
}

std::string read_line(int fd) {
  std::string line;
  char c = 0;
  for (;;) {
    auto n = read(fd, &c, 1);
    if (n < 0 && errno == EINTR)
      continue;
    if (n != 1 || c == '\n')
      return line;
    line.push_back(c);
  }
}

std::optional<uint16_t> parse_port(const std::string& line) {
  uint16_t port = 0;
  auto end = line.data() + line.size();
  auto [rest, failure] = std::from_chars(line.data(), end, port);
  return failure == std::errc{} && rest == end ? std::optional{port} : std::nullopt;
}

bool reaped_within(pid_t pid, std::chrono::milliseconds patience) {
  auto deadline = std::chrono::steady_clock::now() + patience;
  for (;;) {
    auto result = waitpid(pid, nullptr, WNOHANG);
    if (result == pid || (result < 0 && errno != EINTR))
      return true;
    if (std::chrono::steady_clock::now() >= deadline)
      return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

} // namespace

server_process::server_process(const std::string& program, const std::string& argument) {
  auto path = program;
  auto text = argument;
  char* arguments[] = {path.data(), text.empty() ? nullptr : text.data(), nullptr};
  auto parent = getpid();
  auto in = make_pipe();
  auto out = make_pipe();
  pid_ = fork();
  if (pid_ == 0)
    become_server(arguments, parent, in.read_end, out.write_end);
  close(in.read_end);
  close(out.write_end);
  stdin_of_server_ = in.write_end;
  const auto told = pid_ > 0 ? parse_port(read_line(out.read_end)) : std::nullopt;
  close(out.read_end);
  if (!told) {
    stop();
    throw std::runtime_error("the server " + program + " did not start or did not tell its port");
  }
  port_ = *told;
}

server_process::~server_process() {
  stop();
}

void server_process::stop() noexcept {
  close(stdin_of_server_);
  if (pid_ <= 0 || reaped_within(pid_, std::chrono::seconds(5)))
    return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void announce_and_wait(uint16_t port) {
  std::printf("%u\n", static_cast<unsigned>(port));
  std::fflush(stdout);
  char ignored[64];
  for (;;) {
    auto n = read(STDIN_FILENO, ignored, sizeof ignored);
    if (n == 0 || (n < 0 && errno != EINTR))
      return;
  }
}

} // namespace tandem::bench
