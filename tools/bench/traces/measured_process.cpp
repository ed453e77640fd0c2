#include "measured_process.hpp"

#include <chrono>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tandem::bench {

namespace {

double seconds_of(const timeval& x) {
  return static_cast<double>(x.tv_sec) + static_cast<double>(x.tv_usec) / 1e6;
}

} // namespace

used_by_process run_myself(const std::vector<std::string>& arguments) {
  const auto program = std::filesystem::read_symlink("/proc/self/exe").string();
  std::vector<char*> list{const_cast<char*>(program.c_str())}; // which nobody writes
  for (const auto& x : arguments)
    list.push_back(const_cast<char*>(x.c_str()));
  list.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  const auto start = std::chrono::steady_clock::now();
  pid_t child = 0;
  const int error = posix_spawn(&child, program.c_str(), &actions, nullptr, list.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0)
    throw std::system_error{error, std::generic_category(), "cannot start " + program};
  int status = 0;
  rusage usage{};
  if (wait4(child, &status, 0, &usage) < 0)
    throw std::system_error{errno, std::generic_category(), "cannot wait for " + program};
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
          std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(),
          seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime), static_cast<uint64_t>(usage.ru_maxrss) * 1024};
}

} // namespace tandem::bench
