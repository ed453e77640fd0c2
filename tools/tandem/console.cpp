#include "console.hpp"

#include "../cli/text.hpp"

#include "../../messages/json/payload_json.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <stdexcept>

#include <sys/ioctl.h>
#include <unistd.h>

namespace tandem::cli {

namespace {

/// A longer line would wrap, and could not be replaced.
size_t terminal_columns() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

} // namespace

console::console(const options& x) : quiet_(x.quiet), terminal_(isatty(STDERR_FILENO) == 1) {
  progress_ = x.progress.value_or(terminal_ && !quiet_);
}

void console::print_results(const std::vector<payload>& results) {
  {
    std::lock_guard guard{mutex_};
    clear_progress();
  }
  // Without the lock: this may block for as long as the reader likes.
  bool good = true;
  for (const auto& x : results) {
    const auto* text = payload_as<std::string>(x);
    const auto line = (text ? *text : to_line(payload_to_json(x))) + "\n";
    good = good && std::fwrite(line.data(), 1, line.size(), stdout) == line.size();
  }
  if (!good || std::fflush(stdout) != 0)
    throw std::runtime_error{std::string{"cannot print the results: "} + std::strerror(errno)};
}

void console::say(const std::string& line) {
  if (quiet_)
    return;
  std::lock_guard guard{mutex_};
  clear_progress();
  std::fprintf(stderr, "%s\n", line.c_str());
}

void console::progress(const std::string& line) {
  if (!progress_)
    return;
  std::lock_guard guard{mutex_};
  if (!terminal_) {
    std::fprintf(stderr, "%s\n", line.c_str());
    return;
  }
  clear_progress();
  std::fputs(shortened(line, terminal_columns() - 1).c_str(), stderr);
  std::fflush(stderr);
  line_open_ = true;
}

void console::clear_progress() {
  if (!line_open_)
    return;
  std::fputs("\r\x1b[K", stderr);
  line_open_ = false;
}

} // namespace tandem::cli
