#include "input_reader.hpp"

#include "../cli/exit_status.hpp"
#include "../cli/input_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tandem::cli {

namespace {

[[noreturn]] void fail(const std::string& what, const std::string& name, int code) {
  throw user_error{"cannot " + what + " " + name + ": " + std::strerror(code)};
}

int open_file(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0)
    fail("read", path, errno);
  struct stat about {};
  if (fstat(file, &about) == 0 && S_ISDIR(about.st_mode)) {
    close(file);
    fail("read", path, EISDIR);
  }
  return file;
}

} // namespace

input_reader::input_reader(const std::string& path, piece kind)
  : name_(name_of_input(path)), kind_(kind), file_(path == "-" ? STDIN_FILENO : open_file(path)) {
}

input_reader::~input_reader() {
  if (file_ != STDIN_FILENO)
    close(file_);
}

std::optional<std::string> input_reader::next() {
  return kind_ == piece::line ? next_line() : next_chunk();
}

std::optional<std::string> input_reader::next_line() {
  size_t searched = taken_;
  for (;;) {
    const auto newline = buffer_.find('\n', searched);
    if (newline != std::string::npos) {
      auto result = buffer_.substr(taken_, newline - taken_);
      taken_ = newline + 1;
      return result;
    }
    if (buffer_.size() - taken_ > longest_line)
      break;
    searched = buffer_.size() - taken_; // fill() drops what was taken
    if (!fill())
      break;
  }
  if (buffer_.size() == taken_)
    return std::nullopt;
  const size_t size = std::min(buffer_.size() - taken_, longest_line);
  auto result = buffer_.substr(taken_, size);
  taken_ += size;
  return result;
}

std::optional<std::string> input_reader::next_chunk() {
  while (buffer_.size() - taken_ < chunk_size && fill()) {}
  if (buffer_.size() == taken_)
    return std::nullopt;
  auto result = buffer_.substr(taken_, chunk_size);
  taken_ += result.size();
  return result;
}

bool input_reader::fill() {
  buffer_.erase(0, std::exchange(taken_, 0));
  while (!ended_) {
    pollfd waiting[]{{file_, POLLIN, 0}, {stop_.descriptor(), POLLIN, 0}};
    if (poll(waiting, 2, -1) < 0)
      continue; // a signal
    if (waiting[1].revents != 0) {
      ended_ = true;
      buffer_.clear();
      break;
    }
    const size_t before = buffer_.size();
    buffer_.resize(before + chunk_size);
    const auto count = read(file_, buffer_.data() + before, chunk_size);
    const int error = errno;
    buffer_.resize(before + static_cast<size_t>(std::max<ssize_t>(count, 0)));
    if (count > 0)
      return true;
    if (count == 0)
      ended_ = true;
    else if (error != EINTR && error != EAGAIN)
      fail("read", name_, error);
  }
  return false;
}

} // namespace tandem::cli
