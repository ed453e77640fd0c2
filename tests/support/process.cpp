#include "process.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <unistd.h>

namespace tandem_test {

namespace {

/// The links of those of its descriptors that are sockets.
std::vector<std::string> socket_links(pid_t pid) {
  std::vector<std::string> result;
  for (const auto& x : std::filesystem::directory_iterator{"/proc/" + std::to_string(pid) + "/fd"}) {
    std::error_code gone_meanwhile;
    auto link = std::filesystem::read_symlink(x.path(), gone_meanwhile).string();
    if (link.starts_with("socket:"))
      result.push_back(std::move(link));
  }
  return result;
}

} // namespace

process::process(std::vector<std::string> arguments) {
  int ends[2];
  if (pipe(ends) != 0)
    throw std::runtime_error{"no pipe"};
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (auto& x : arguments)
    argv.push_back(x.data());
  argv.push_back(nullptr);
  pid_ = fork();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
    close(ends[1]);
    execv(argv[0], argv.data());
    _exit(127);
  }
  close(ends[1]);
  output_ = ends[0];
}

process::~process() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    wait();
  }
  close(output_);
}

std::optional<std::string> process::read_line() {
  for (;;) {
    if (auto end = buffer_.find('\n'); end != std::string::npos) {
      auto line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return line;
    }
    char chunk[4096];
    const auto got = ::read(output_, chunk, sizeof chunk);
    if (got <= 0)
      return std::nullopt;
    buffer_.append(chunk, static_cast<size_t>(got));
  }
}

void process::send_signal(int number) const {
  ::kill(pid_, number);
  int status = 0;
  if (number == SIGSTOP) // it may go on for a moment
    ::waitpid(pid_, &status, WUNTRACED);
}

size_t process::memory() const {
  size_t all = 0;
  size_t resident = 0;
  std::ifstream{"/proc/" + std::to_string(pid_) + "/statm"} >> all >> resident;
  return resident * static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

size_t process::sockets() const {
  return socket_links(pid_).size();
}

std::string process::describe_sockets() const {
  std::string result;
  for (const auto& link : socket_links(pid_)) { // socket:[INODE]
    const auto inode = " " + link.substr(8, link.size() - 9) + " ";
    result += link;
    std::ifstream table{"/proc/" + std::to_string(pid_) + "/net/tcp"};
    for (std::string line; std::getline(table, line);)
      if (line.find(inode) != std::string::npos)
        result += line;
    result += '\n';
  }
  return result;
}

int process::wait() {
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

std::string program(const std::string& name) {
  return (std::filesystem::read_symlink("/proc/self/exe").parent_path() / name).string();
}

} // namespace tandem_test
