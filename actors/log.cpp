#include "log.hpp"

#include <poll.h>
#include <unistd.h>

namespace tandem {

void write_log(const log_function& log, const std::string& line) {
  if (log)
    log(line);
  else
    write_to_standard_error(line);
}

void write_to_standard_error(const std::string& line) {
  const auto text = "tandem: " + line + "\n";
  pollfd state{STDERR_FILENO, POLLOUT, 0};
  if (::poll(&state, 1, 0) == 1 && (state.revents & POLLOUT) != 0) [[maybe_unused]]
    const auto written = ::write(STDERR_FILENO, text.data(), text.size());
}

} // namespace tandem
