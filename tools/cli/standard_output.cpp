#include "standard_output.hpp"

#include <cerrno>
#include <cstring>
#include <iostream>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace tandem::cli {

template <class Write>
bool watched_buffer::attempt(Write write) {
  errno = 0;
  const bool good = write();
  if (!good && error_ == 0)
    error_ = errno != 0 ? errno : EIO;
  return good;
}

watched_buffer::int_type watched_buffer::overflow(int_type c) {
  constexpr auto end = traits_type::eof();
  if (c == end)
    return traits_type::not_eof(c);
  return attempt([&] { return to_.sputc(traits_type::to_char_type(c)) != end; }) ? c : end;
}

std::streamsize watched_buffer::xsputn(const char* text, std::streamsize size) {
  std::streamsize written = 0;
  attempt([&] { return (written = to_.sputn(text, size)) == size; });
  return written;
}

int watched_buffer::sync() {
  return attempt([this] { return to_.pubsync() == 0; }) ? 0 : -1;
}

output_watch::output_watch() : to_(std::cout.rdbuf()), buffer_(*to_) {
  std::cout.rdbuf(&buffer_);
}

output_watch::~output_watch() {
  std::cout.rdbuf(to_);
}

std::string output_watch::finish() {
  buffer_.pubsync();
  const int error = buffer_.error();
  return error == 0 || error == EPIPE ? "" : std::string{"cannot write standard output: "} + std::strerror(error);
}

void occupy_closed_streams() {
  for (int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(stream, F_GETFD) == -1)
      ::open("/", O_PATH); // takes the lowest number that is free
}

bool reader_leaves_within(int milliseconds) {
  pollfd output{STDOUT_FILENO, 0, 0};
  return ::poll(&output, 1, milliseconds) > 0;
}

} // namespace tandem::cli
