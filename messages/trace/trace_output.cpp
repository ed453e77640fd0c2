#include "trace_output.hpp"
#include "trace_reader.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tandem {

namespace {

using steady = std::chrono::steady_clock;

/// So many bytes go to the operating system at once.
constexpr size_t most_waiting = size_t{1} << 18;

/// A header is shorter, but for that of a trace that was merged of very many.
constexpr size_t longest_beginning = size_t{1} << 20;

/// While it lives, this thread gets no signal for what its writes do: the reader of a pipe that has gone, the limit of
/// a file's size. Those that were pending before stay so.
class without_signals {
public:
  without_signals() {
    ::sigset_t pending;
    ::sigemptyset(&pending);
    ::sigpending(&pending);
    ::sigemptyset(&mine_);
    for (const int x : {SIGPIPE, SIGXFSZ})
      if (::sigismember(&pending, x) == 0)
        ::sigaddset(&mine_, x);
    ::pthread_sigmask(SIG_BLOCK, &mine_, &before_);
  }

  ~without_signals() {
    const int error = errno;
    const ::timespec now{0, 0};
    while (::sigtimedwait(&mine_, nullptr, &now) > 0) {}
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    errno = error;
  }

  without_signals(const without_signals&) = delete;
  without_signals& operator=(const without_signals&) = delete;

private:
  ::sigset_t mine_{};
  ::sigset_t before_{};
};

/// A header, or the part of one that a program wrote that died then.
bool begins_as_trace(const std::string& beginning) {
  constexpr std::string_view first_member = "{\"tandem_trace\":";
  std::istringstream in{beginning};
  if (trace_reader{in}.header())
    return true;
  const auto same = std::min(first_member.size(), beginning.size());
  return beginning.find('\n') == std::string::npos && beginning.compare(0, same, first_member, 0, same) == 0;
}

} // namespace

trace_output::trace_output(const std::string& path) : path_(path) {
  buffer_.reserve(most_waiting);
  open();
  try {
    struct ::stat status {};
    if (::fstat(file_, &status) != 0)
      fail(errno);
    device_ = status.st_dev;
    number_ = status.st_ino;
    std::error_code ignored;
    place_ = std::filesystem::weakly_canonical(std::filesystem::absolute(path_, ignored), ignored).string();
    if (S_ISREG(status.st_mode) && status.st_size > 0) {
      size_ = static_cast<uint64_t>(status.st_size);
      begin_on_new_line();
    }
  } catch (...) {
    ::close(file_);
    throw;
  }
}

trace_output::~trace_output() {
  try {
    if (!has_failed_)
      flush();
  } catch (const std::system_error&) { // as the header says
  }
  ::close(file_);
}

void trace_output::open() {
  // Not waiting for the reader of a pipe, at its beginning and while it is full: poll() does so, and not for ever.
  constexpr int how = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
  const auto until = steady::now() + patience_for_reader;
  for (;;) {
    file_ = ::open(path_.c_str(), how, 0666);
    if (file_ >= 0)
      return;
    const int error = errno;
    struct ::stat status {};
    const bool is_unread_pipe = error == ENXIO && ::stat(path_.c_str(), &status) == 0 && S_ISFIFO(status.st_mode);
    if (error != EINTR && (!is_unread_pipe || steady::now() >= until))
      fail(error, is_unread_pipe ? ", a pipe that nobody reads" : "");
    if (is_unread_pipe) // nothing tells when somebody opens it
      std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
}

/// Looks at what the file has: nothing is appended to what is no trace, nor to a line that was cut off.
void trace_output::begin_on_new_line() {
  errno = 0;
  std::ifstream in{path_, std::ios::binary};
  std::string beginning(std::min<uint64_t>(size_, longest_beginning), '\0');
  if (!in.read(beginning.data(), static_cast<std::streamsize>(beginning.size())))
    fail(errno != 0 ? errno : EIO, ", which cannot be read, so that nobody knows whether it is a trace");
  if (!begins_as_trace(beginning))
    throw std::invalid_argument{"the file " + path_ + " does not begin as a trace, so nothing is appended to it"};
  in.seekg(-1, std::ios::end);
  if (in.get() != '\n')
    append("");
}

void trace_output::append(std::string_view line) {
  if (!buffer_.empty() && buffer_.size() + line.size() + 1 > most_waiting)
    write_all();
  buffer_ += line;
  buffer_ += '\n';
  size_ += line.size() + 1;
}

void trace_output::flush() {
  write_all();
}

bool trace_output::is_at(const std::string& path) const noexcept {
  struct ::stat status {};
  return ::stat(path.c_str(), &status) == 0 && status.st_dev == device_ && status.st_ino == number_;
}

void trace_output::write_all() {
  const without_signals quiet;
  auto until = steady::now() + patience_while_full;
  has_failed_ = true; // unless the end is reached
  while (written_ < buffer_.size()) {
    const auto count = ::write(file_, buffer_.data() + written_, buffer_.size() - written_);
    if (count >= 0) {
      written_ += static_cast<size_t>(count);
      until = steady::now() + patience_while_full;
      continue;
    }
    if (errno == EINTR)
      continue;
    if (errno != EAGAIN)
      fail(errno);
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - steady::now()).count();
    if (left <= 0)
      fail(EAGAIN, ", whose reader takes nothing");
    ::pollfd room{file_, POLLOUT, 0};
    ::poll(&room, 1, static_cast<int>(left));
  }
  buffer_.clear();
  written_ = 0;
  has_failed_ = false;
}

void trace_output::fail(int code, const char* why) const {
  throw std::system_error(code, std::generic_category(), "cannot write the trace file " + path_ + why);
}

} // namespace tandem
